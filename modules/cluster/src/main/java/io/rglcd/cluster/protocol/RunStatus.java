package io.rglcd.cluster.protocol;

import java.util.List;

/**
 * What a coordinator says of its run.
 *
 * @param term of the coordinator
 * @param phase where it is
 * @param generation of the members
 * @param step number of committed updates
 * @param steps at which the run ends
 * @param epoch being dealt
 * @param samples of an epoch
 * @param committed samples of this epoch that are in committed updates
 * @param skipped samples of this epoch that could not be used
 * @param leased samples of the step in progress
 * @param failures since the last commit
 * @param replicas that have registered
 */
public record RunStatus(
    Term term,
    String phase,
    Generation generation,
    StepNumber step,
    long steps,
    long epoch,
    long samples,
    long committed,
    long skipped,
    long leased,
    int failures,
    List<ReplicaStatus> replicas)
    implements ClusterMessage {

  /** Copies the list. */
  public RunStatus {
    replicas = List.copyOf(replicas);
  }

  /**
   * One replica.
   *
   * @param worker its name
   * @param computes whether it computes gradients; the coordinator's follower does not
   * @param step of the state that it held when it last said so; {@link StepNumber#NONE} if a
   *     snapshot was being written over it
   * @param standing how that relates to the run: level, behind or catching up
   * @param leaving whether it is left out of the next plan
   */
  public record ReplicaStatus(
      WorkerId worker, boolean computes, StepNumber step, String standing, boolean leaving) {}
}
