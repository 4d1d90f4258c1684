package io.rglcd.cluster.protocol;

/** What the coordinator's actor handles: the protocol, and what it tells itself. */
public interface CoordinatorCommand {}
