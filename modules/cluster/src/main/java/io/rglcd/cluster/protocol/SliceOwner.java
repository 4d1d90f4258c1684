package io.rglcd.cluster.protocol;

/**
 * Who adds up one slice of the parameters.
 *
 * @param owner the member that adds
 * @param start first element of the flat parameter vector
 * @param length number of elements, at least 1
 */
public record SliceOwner(WorkerId owner, long start, long length) {}
