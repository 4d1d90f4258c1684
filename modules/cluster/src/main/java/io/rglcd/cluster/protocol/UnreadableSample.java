package io.rglcd.cluster.protocol;

/**
 * A sample that could not be used.
 *
 * @param position in its epoch's order
 * @param reason for the ledger
 */
public record UnreadableSample(long position, String reason) {}
