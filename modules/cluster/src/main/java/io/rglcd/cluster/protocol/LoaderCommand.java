package io.rglcd.cluster.protocol;

/** What a loader's actor handles: the protocol, and what stays in its process. */
public interface LoaderCommand {}
