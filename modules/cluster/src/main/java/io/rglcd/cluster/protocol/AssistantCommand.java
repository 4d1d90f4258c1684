package io.rglcd.cluster.protocol;

/** What an assistant's actor handles: the protocol, and what stays in its process. */
public interface AssistantCommand {}
