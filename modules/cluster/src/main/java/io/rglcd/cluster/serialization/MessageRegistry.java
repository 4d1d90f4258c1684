package io.rglcd.cluster.serialization;

import io.rglcd.cluster.protocol.Abort;
import io.rglcd.cluster.protocol.AssistantMessage;
import io.rglcd.cluster.protocol.Attempt;
import io.rglcd.cluster.protocol.CheckpointMessage;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.LoaderMessage;
import io.rglcd.cluster.protocol.LoaderReply;
import io.rglcd.cluster.protocol.Member;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.MicroBatchWeight;
import io.rglcd.cluster.protocol.NodeMessage;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.RunStatus;
import io.rglcd.cluster.protocol.SliceOwner;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.cluster.protocol.WorkerShare;
import io.rglcd.data.SampleRange;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.MicroBatchLosses;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every class that may be sent, with its number on the wire. A number is never given to another
 * class; what changes the meaning of bytes raises {@link #VERSION}.
 */
public final class MessageRegistry {

  /** Version of the protocol; peers of another one are refused. */
  public static final String VERSION = "4";

  /** Number of references to actors. */
  static final int ACTOR_REF = 20;

  /** Number of values that may be missing. */
  static final int OPTIONAL = 22;

  /** Number of references to streams. */
  static final int SOURCE_REF = 23;

  /** Number of lists. */
  static final int LIST = 21;

  private static final Map<Integer, Class<?>> CLASSES = new TreeMap<>();

  static {
    CLASSES.put(30, Term.class);
    CLASSES.put(31, Generation.class);
    CLASSES.put(32, StepNumber.class);
    CLASSES.put(33, Attempt.class);
    CLASSES.put(34, WorkerId.class);
    CLASSES.put(35, StepKey.class);
    CLASSES.put(36, SampleRange.class);
    CLASSES.put(37, MicroBatchShare.class);
    CLASSES.put(38, WorkerShare.class);
    CLASSES.put(39, SliceOwner.class);
    CLASSES.put(40, MicroBatchLosses.class);
    CLASSES.put(41, MicroBatchResult.class);
    CLASSES.put(42, UnreadableSample.class);
    CLASSES.put(43, MicroBatchWeight.class);
    CLASSES.put(44, CommitResult.class);
    CLASSES.put(46, Endpoint.class);
    CLASSES.put(47, Member.class);
    CLASSES.put(48, Holding.class);
    CLASSES.put(49, Prepared.class);
    CLASSES.put(60, CoordinatorMessage.Register.class);
    CLASSES.put(61, CoordinatorMessage.GradientsReady.class);
    CLASSES.put(62, CoordinatorMessage.MeanReady.class);
    CLASSES.put(63, CoordinatorMessage.ReduceFailed.class);
    CLASSES.put(64, CoordinatorMessage.Applied.class);
    CLASSES.put(65, CoordinatorMessage.SnapshotOffered.class);
    CLASSES.put(66, CoordinatorMessage.SnapshotFailed.class);
    CLASSES.put(67, CoordinatorMessage.Restored.class);
    CLASSES.put(68, CoordinatorMessage.MemberFailed.class);
    CLASSES.put(69, CoordinatorMessage.Leaving.class);
    CLASSES.put(70, CoordinatorMessage.CheckpointWritten.class);
    CLASSES.put(71, CoordinatorMessage.CheckpointFailed.class);
    CLASSES.put(72, CoordinatorMessage.Stop.class);
    CLASSES.put(73, CoordinatorMessage.Pause.class);
    CLASSES.put(74, CoordinatorMessage.Resume.class);
    CLASSES.put(75, CoordinatorMessage.CheckpointNow.class);
    CLASSES.put(76, CoordinatorMessage.RegisterAssistant.class);
    CLASSES.put(77, CoordinatorMessage.StatusRequested.class);
    CLASSES.put(80, StepPlan.class);
    CLASSES.put(81, Reduce.class);
    CLASSES.put(82, Commit.class);
    CLASSES.put(83, Abort.class);
    CLASSES.put(84, WorkerMessage.Hello.class);
    CLASSES.put(85, WorkerMessage.OfferSnapshot.class);
    CLASSES.put(86, WorkerMessage.FetchSnapshot.class);
    CLASSES.put(87, WorkerMessage.SaveCheckpoint.class);
    CLASSES.put(88, WorkerMessage.Dismiss.class);
    CLASSES.put(89, WorkerMessage.Follow.class);
    CLASSES.put(90, WorkerMessage.Refuse.class);
    CLASSES.put(100, CheckpointMessage.Publish.class);
    CLASSES.put(110, AssistantMessage.Greeting.class);
    CLASSES.put(111, AssistantMessage.Welcome.class);
    CLASSES.put(112, AssistantMessage.Dismissed.class);
    CLASSES.put(113, LoaderMessage.Load.class);
    CLASSES.put(114, LoaderReply.Available.class);
    CLASSES.put(115, LoaderReply.Unavailable.class);
    CLASSES.put(120, RunStatus.class);
    CLASSES.put(121, RunStatus.ReplicaStatus.class);
    CLASSES.put(125, NodeMessage.Drain.class);
  }

  private MessageRegistry() {}

  /** Number to class, ascending. */
  public static Map<Integer, Class<?>> classes() {
    return Collections.unmodifiableMap(CLASSES);
  }
}
