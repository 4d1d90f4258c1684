package io.rglcd.cluster;

import io.rglcd.cluster.protocol.CommitRecord;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleRange;
import io.rglcd.data.SampleTally;
import java.util.List;

/** What happens in a run, in the order in which the coordinator decides it. */
public sealed interface TrainingEvent {

  /** All workers hold a replica and the first step is planned. */
  record Started(long step, List<WorkerId> members) implements TrainingEvent {}

  /** A step is part of the history. */
  record StepCommitted(CommitRecord record, StepSeconds seconds) implements TrainingEvent {

    /** Its number, from 1. */
    public long step() {
      return record.key().step().value();
    }
  }

  /** A try at a step is void; the step is tried again. */
  record StepAborted(StepKey key, String reason) implements TrainingEvent {}

  /** Samples will not be used in this epoch. */
  record SamplesSkipped(long step, List<SampleRange> ranges, String reason)
      implements TrainingEvent {

    /** How many they are. */
    public long samples() {
      return ranges.stream().mapToLong(SampleRange::count).sum();
    }
  }

  /** All samples of an epoch are settled; the next one begins. */
  record EpochCompleted(long epoch, SampleTally samples) implements TrainingEvent {}

  /** A worker is not a member any more. */
  record WorkerLost(WorkerId worker, String reason) implements TrainingEvent {}

  /** A worker holds the current state and takes part from the next step. */
  record WorkerJoined(WorkerId worker) implements TrainingEvent {}

  /** No replica held the newest state: the steps after an older one are void and done again. */
  record Rewound(long from, long to) implements TrainingEvent {}

  /** Too few members are left to go on; the state is kept until others join. */
  record Paused(int members, int minWorkers) implements TrainingEvent {}

  /** A checkpoint is complete and durable. */
  record CheckpointWritten(long step, String directory) implements TrainingEvent {}

  /** The run is over and its last checkpoint written. */
  record Finished(long step, boolean stopped) implements TrainingEvent {}
}
