package io.rglcd.cluster.protocol;

import akka.actor.typed.ActorRef;
import java.util.List;

/** What a replica is told: a worker, or the coordinator's follower. */
public sealed interface WorkerMessage extends ClusterMessage, WorkerCommand
    permits StepPlan,
        Reduce,
        Commit,
        Abort,
        WorkerMessage.Hello,
        WorkerMessage.OfferSnapshot,
        WorkerMessage.Follow,
        WorkerMessage.FetchSnapshot,
        WorkerMessage.SaveCheckpoint,
        WorkerMessage.Dismiss,
        WorkerMessage.Refuse {

  /**
   * A coordinator wants to know what the replica holds; to be answered by {@link
   * CoordinatorMessage.Register}.
   *
   * @param term of the coordinator
   * @param coordinator where it is
   */
  record Hello(Term term, ActorRef<CoordinatorMessage> coordinator) implements WorkerMessage {}

  /**
   * Write the state where others can fetch it.
   *
   * @param term of the coordinator
   * @param step that the state is expected to have
   * @param keepFrom snapshots of earlier steps are not needed any more
   */
  record OfferSnapshot(Term term, StepNumber step, StepNumber keepFrom) implements WorkerMessage {}

  /**
   * Keep every mean gradient after a step, whose state will be offered.
   *
   * @param term of the coordinator
   * @param step of the state
   * @param checksum of the mean gradient applied last in it
   */
  record Follow(Term term, StepNumber step, long checksum) implements WorkerMessage {}

  /**
   * Take over a state that others offer.
   *
   * @param term of the coordinator
   * @param step of the state, which is followed already
   * @param donors who offer it, all of them the same bytes
   */
  record FetchSnapshot(Term term, StepNumber step, List<Member> donors) implements WorkerMessage {

    /** Copies the list. */
    public FetchSnapshot {
      donors = List.copyOf(donors);
    }
  }

  /**
   * Write the state for a checkpoint and hand it to the checkpoint writer.
   *
   * @param term of the coordinator
   * @param step that the state is expected to have
   * @param runJson term, generation, identity and ledger of the run at that step
   */
  record SaveCheckpoint(Term term, StepNumber step, String runJson) implements WorkerMessage {}

  /**
   * The replica is not part of the run any more and may end.
   *
   * @param term of the coordinator
   */
  record Dismiss(Term term) implements WorkerMessage {}

  /**
   * The replica cannot be part of the run.
   *
   * @param term of the coordinator
   * @param reason in one sentence
   */
  record Refuse(Term term, String reason) implements WorkerMessage {}
}
