package io.rglcd.cluster.state;

/**
 * What all replicas must equal at a step.
 *
 * @param step number of committed updates
 * @param value the first digest that was reported
 */
record StateDigest(long step, String value) {}
