package io.rglcd.cluster.actor;

/**
 * How a node ended that ended well.
 *
 * @param completed whether the run is over; otherwise the node has left it
 * @param message in one sentence
 */
public record NodeEnd(boolean completed, String message) {}
