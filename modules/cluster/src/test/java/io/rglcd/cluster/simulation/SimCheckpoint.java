package io.rglcd.cluster.simulation;

/** A state on the shared volume. */
record SimCheckpoint(long checksum, long digest) {}
