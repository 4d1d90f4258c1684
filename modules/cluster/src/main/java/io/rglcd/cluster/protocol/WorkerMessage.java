package io.rglcd.cluster.protocol;

/** What a worker is told. */
public sealed interface WorkerMessage extends ClusterMessage, WorkerCommand
    permits StepPlan, Reduce, Commit, Abort, WorkerMessage.Restore {

  /**
   * Take over the state in a directory, then report it.
   *
   * @param step of the state
   * @param directory where
   */
  record Restore(StepNumber step, String directory) implements WorkerMessage {}
}
