package io.rglcd.cluster.protocol;

/**
 * The attempt is void; gradients may be kept for the next one.
 *
 * @param key the attempt
 * @param reason in one sentence
 */
public record Abort(StepKey key, String reason) implements WorkerMessage {}
