package io.rglcd.bench;

import ai.djl.Device;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cluster.BatchLoaderSource;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.DataSet;
import io.rglcd.data.SampleOrder;
import io.rglcd.distill.FrozenModels;
import io.rglcd.distill.Replica;
import io.rglcd.distill.RgLcdReplica;
import io.rglcd.distill.Student;
import io.rglcd.models.tokenizer.ClipTokenizer;
import io.rglcd.rewards.ClipReward;
import io.rglcd.starter.Starter;
import io.rglcd.tensor.Scope;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;

/** What {@code rglcd demo} trains with, opened for a measurement. */
final class StarterInputs implements AutoCloseable {

  private static final int SHUFFLE_SHARDS = 4;

  private final TrainConfig config;
  private final Scope scope = Scope.open();
  private final FrozenModels models;
  private final ClipReward reward;
  private final Student student;
  private final DataSet data;
  private final BatchLoader loader;
  private final ClipTokenizer tokenizer;

  StarterInputs(TrainConfig config) {
    this.config = config;
    Starter starter = Starter.unpack();
    long seed = config.training().seed();
    this.models = FrozenModels.load(starter.teacher(), Device.cpu());
    this.reward = ClipReward.load(starter.rewardClip(), starter.tokenizer(), Device.cpu());
    this.student = Student.of(scope, models, config.objective().unetTimeCondProjDim(), seed);
    this.data = DataSet.find(starter.trainShards().stream().map(Path::toString).toList());
    SampleOrder order = new SampleOrder(seed, data.counts(), SHUFFLE_SHARDS);
    this.loader = new BatchLoader(data, order, config.data().pictureOptions(), seed);
    this.tokenizer = ClipTokenizer.load(starter.tokenizer());
  }

  TrainConfig config() {
    return config;
  }

  long samples() {
    return data.total();
  }

  /** Micro-batches, decoded on the given threads. */
  BatchLoaderSource source(Executor executor) {
    return new BatchLoaderSource(loader, tokenizer, executor);
  }

  /** A replica at the initial state; made on the thread that will own it. */
  Replica replica() {
    return new RgLcdReplica(
        models,
        Optional.of(reward),
        student.net(),
        student.weights(),
        config.objective().options(config.reward()),
        config.optimizer().options(config.training(), config.training().steps(samples())),
        config.training().seed());
  }

  @Override
  public void close() {
    scope.close();
    reward.close();
    models.close();
  }
}
