package io.rglcd.cluster.protocol;

/**
 * A complete mean gradient that may be applied when its attempt is committed.
 *
 * @param key the attempt
 * @param checksum CRC32C of the mean gradient's bytes
 */
public record Prepared(StepKey key, long checksum) {}
