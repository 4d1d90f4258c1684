package io.rglcd.cluster.dataplane;

/**
 * A reduction that is complete on this node.
 *
 * @param seconds since it began here
 * @param bytesSent payload, without headers
 * @param bytesReceived payload, without headers
 */
public record ReductionResult(double seconds, long bytesSent, long bytesReceived) {}
