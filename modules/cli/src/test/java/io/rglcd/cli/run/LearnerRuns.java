package io.rglcd.cli.run;

import ai.djl.Device;
import io.rglcd.cluster.BatchLoaderSource;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.TrainingResult;
import io.rglcd.cluster.TrainingRun;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.protocol.CommitRecord;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.BatchOptions;
import io.rglcd.data.DataSet;
import io.rglcd.data.SampleOrder;
import io.rglcd.data.image.Crop;
import io.rglcd.distill.AdamW;
import io.rglcd.distill.FrozenModels;
import io.rglcd.distill.LearningRateSchedule;
import io.rglcd.distill.LossType;
import io.rglcd.distill.OptimizerOptions;
import io.rglcd.distill.Replica;
import io.rglcd.distill.RgLcdOptions;
import io.rglcd.distill.RgLcdReplica;
import io.rglcd.distill.Student;
import io.rglcd.models.tokenizer.ClipTokenizer;
import io.rglcd.rewards.ClipReward;
import io.rglcd.starter.Starter;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Short runs of the real learner on the embedded starter, with micro-batches of two. */
final class LearnerRuns implements AutoCloseable {

  private static final int MICRO_BATCH = 2;
  private static final long SEED = 11;

  private final FrozenModels models;
  private final ClipTokenizer tokenizer;
  private final ClipReward reward;
  private final DataSet data;
  private final Scope scope = Scope.open();
  private final Student student;
  final List<TrainingEvent> events = new CopyOnWriteArrayList<>();

  LearnerRuns(Path cache) {
    Torch.setIntraOpThreads(1);
    Starter starter = Starter.unpack(cache);
    models = FrozenModels.load(starter.teacher(), Device.cpu());
    tokenizer = ClipTokenizer.load(starter.tokenizer());
    reward = ClipReward.load(starter.rewardClip(), starter.tokenizer(), Device.cpu());
    data = DataSet.find(List.of(starter.validationShard().toString()));
    student = Student.of(scope, models, 16, SEED);
  }

  /** A run; its replicas may be wrapped to fail. */
  TrainingResult run(
      int workers,
      int microBatches,
      long steps,
      Path output,
      Optional<Path> resume,
      BiFunction<WorkerId, Replica, Replica> wrap) {
    return run(workers, microBatches, steps, output, resume, wrap, event -> false);
  }

  /** A run that is stopped at the first event that matches. */
  TrainingResult run(
      int workers,
      int microBatches,
      long steps,
      Path output,
      Optional<Path> resume,
      BiFunction<WorkerId, Replica, Replica> wrap,
      Predicate<TrainingEvent> stopAt) {
    events.clear();
    RunLimits limits = new RunLimits(workers, 1, MICRO_BATCH, microBatches, steps, 0, 1, 5);
    TrainingSettings settings =
        TrainingSettings.of(limits, data.total(), output, Map.of("seed", Long.toString(SEED)));
    BatchLoader loader =
        new BatchLoader(
            data,
            new SampleOrder(SEED, data.counts(), 1),
            BatchOptions.of(32).withCrop(Crop.CENTER),
            SEED);
    ReplicaFactory replicas = (member, device) -> wrap.apply(member, replica());
    TrainingRun[] started = new TrainingRun[1];
    try (TrainingRun run =
        TrainingRun.start(
            resume.map(settings::resumedFrom).orElse(settings),
            replicas,
            new BatchLoaderSource(loader, tokenizer, ForkJoinPool.commonPool()),
            event -> {
              events.add(event);
              if (stopAt.test(event)) {
                started[0].stop();
              }
            })) {
      started[0] = run;
      return run.result().toCompletableFuture().orTimeout(120, TimeUnit.SECONDS).join();
    }
  }

  private Replica replica() {
    return new RgLcdReplica(
        models,
        Optional.of(reward),
        student.net(),
        student.weights(),
        new RgLcdOptions(50, 2, 7, 10, LossType.HUBER, 0.001, 1),
        new OptimizerOptions(
            3e-4, LearningRateSchedule.CONSTANT, 0, 20, AdamW.Options.DEFAULT, 1, 0.95),
        SEED);
  }

  /** Commits of the last run in order. */
  List<CommitRecord> commits() {
    return events.stream()
        .filter(TrainingEvent.StepCommitted.class::isInstance)
        .map(event -> ((TrainingEvent.StepCommitted) event).record())
        .toList();
  }

  @Override
  public void close() {
    scope.close();
    reward.close();
    models.close();
  }
}
