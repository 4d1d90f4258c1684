package io.rglcd.cluster.protocol;

/**
 * A replica's place on the data plane.
 *
 * @param worker who
 * @param endpoint where
 */
public record Member(WorkerId worker, Endpoint endpoint) {}
