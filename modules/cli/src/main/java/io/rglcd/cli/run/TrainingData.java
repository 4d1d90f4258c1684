package io.rglcd.cli.run;

import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cluster.BatchLoaderSource;
import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.data.BadSample;
import io.rglcd.data.Batch;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.BatchOptions;
import io.rglcd.data.DataSet;
import io.rglcd.data.SampleOrder;
import io.rglcd.data.SamplePlace;
import io.rglcd.data.TextForm;
import io.rglcd.data.source.SourceOptions;
import io.rglcd.models.AutoencoderKlConfig;
import io.rglcd.models.ClipTextConfig;
import io.rglcd.models.DiffusersDirectory;
import io.rglcd.models.tokenizer.ClipTokenizer;
import io.rglcd.starter.Starter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;

/**
 * The samples that a configuration names.
 *
 * @param set of the shards
 * @param loader of its ranges
 * @param tokenizer of the teacher
 * @param first the first sample that can be used
 */
record TrainingData(DataSet set, BatchLoader loader, ClipTokenizer tokenizer, Batch first) {

  /** So many shards are shuffled into each other; more would need them all open at once. */
  private static final int SHUFFLE_SHARDS = 4;

  private static final int PREFLIGHT = 1000;

  /**
   * Opens the shards and reads one sample.
   *
   * @throws RuntimeException saying in one sentence what cannot be used
   */
  static TrainingData open(TrainConfig config) {
    return open(config, options(config));
  }

  /** The same of pictures, whatever training works on. */
  static TrainingData pictures(TrainConfig config) {
    return open(config, config.data().pictureOptions());
  }

  private static TrainingData open(TrainConfig config, BatchOptions options) {
    List<String> shards =
        config.data().isStarter()
            ? Starter.unpack().trainShards().stream().map(Path::toString).toList()
            : config.data().trainShards();
    SourceOptions sources = config.data().sources().options(System.getenv());
    DataSet set = DataSet.find(shards, sources).first(config.data().maxTrainSamples());
    long seed = config.training().seed();
    SampleOrder order = new SampleOrder(seed, set.counts(), SHUFFLE_SHARDS);
    BatchLoader loader = new BatchLoader(set, order, options, seed);
    return new TrainingData(
        set,
        loader,
        ClipTokenizer.load(TeacherDirectory.open(config).tokenizer()),
        loader.preflight(PREFLIGHT));
  }

  /**
   * Micro-batches of the samples.
   *
   * @param threads that read, decode and tokenise
   */
  MicroBatchSource source(Executor threads) {
    return new BatchLoaderSource(loader, tokenizer, threads);
  }

  /** The first sample in words, so that the wrong shards are seen at once. */
  String sample() {
    SamplePlace place = loader.place(first.range().epoch(), first.positions().get(0));
    return String.format(
        "first sample: %s of %s, %s %s, \"%s\"",
        BadSample.printable(place.key()),
        place.shard(),
        first.form().kind().name().toLowerCase(Locale.ROOT),
        first.form().shape(),
        BadSample.printable(first.captions().get(0)));
  }

  /** Only latents have a form that depends on the model. */
  private static BatchOptions options(TrainConfig config) {
    if (!config.data().workOnLatent()) {
      return config.data().pictureOptions();
    }
    DiffusersDirectory teacher = TeacherDirectory.open(config);
    AutoencoderKlConfig vae = teacher.vae().config();
    BatchOptions latents = config.data().latentOptions(vae.latentChannels(), vae.downsampling());
    if (!config.data().workOnPromptEmbeds()) {
      return latents;
    }
    ClipTextConfig text = teacher.textConfig();
    int tokens = ClipTokenizer.load(teacher.tokenizer()).contextLength();
    return latents.withTextForm(new TextForm(tokens, text.hiddenSize()));
  }
}
