package io.rglcd.cluster.protocol;

/** What a worker's actor handles: the protocol, and what stays in its process. */
public interface WorkerCommand {}
