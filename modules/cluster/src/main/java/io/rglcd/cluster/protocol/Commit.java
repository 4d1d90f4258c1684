package io.rglcd.cluster.protocol;

/**
 * The step is committed: apply the mean gradient of that attempt.
 *
 * @param key the attempt
 * @param digest whether the state's digest is wanted
 */
public record Commit(StepKey key, boolean digest) implements WorkerMessage, FollowerMessage {}
