package io.rglcd.cluster.protocol;

/** Everything that may cross a process boundary; bound to the registered serializer. */
public sealed interface ClusterMessage
    permits CoordinatorMessage,
        WorkerMessage,
        CheckpointMessage,
        AssistantMessage,
        LoaderMessage,
        LoaderReply,
        NodeMessage,
        RunStatus {}
