package io.rglcd.cluster.protocol;

/**
 * The step is committed: apply the mean gradient of that attempt.
 *
 * @param key the attempt
 * @param checksum of its mean gradient
 * @param digest whether the state's digest is wanted
 */
public record Commit(StepKey key, long checksum, boolean digest) implements WorkerMessage {}
