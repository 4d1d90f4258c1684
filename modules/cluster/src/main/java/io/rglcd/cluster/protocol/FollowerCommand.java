package io.rglcd.cluster.protocol;

/** What the follower's actor handles: the protocol, and what stays in its process. */
public interface FollowerCommand {}
