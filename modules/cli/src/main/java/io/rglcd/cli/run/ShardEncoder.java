package io.rglcd.cli.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.data.SampleForm;
import io.rglcd.data.SampleReader;
import io.rglcd.data.array.FloatArray;
import io.rglcd.data.array.NpyFile;
import io.rglcd.data.pack.PictureReader;
import io.rglcd.data.pack.ShardWriter;
import io.rglcd.data.pack.SquarePicture;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import io.rglcd.distill.FrozenModels;
import io.rglcd.models.Posterior;
import io.rglcd.tensor.Scope;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Encodes the pictures of shards, and their captions if asked to; reads the next ones meanwhile.
 */
final class ShardEncoder {

  private final FrozenModels models;
  private final Executor threads;
  private final PictureReader pictures;
  private final SampleForm form;
  private final int batch;
  private final boolean promptEmbeds;

  /**
   * An encoder of the pictures that a configuration describes.
   *
   * @param promptEmbeds whether captions are encoded too
   * @param threads that read and decode
   */
  ShardEncoder(TrainConfig config, boolean promptEmbeds, FrozenModels models, Executor threads) {
    this.promptEmbeds = promptEmbeds;
    this.models = models;
    this.threads = threads;
    this.form = config.data().pictureOptions().form();
    this.pictures = new PictureReader(config.data().pictureOptions(), config.training().seed());
    this.batch = config.training().vaeBatches().encode();
  }

  /**
   * Writes the moments of a shard's pictures.
   *
   * @param first number of the shard's first sample in the data set, which random crops depend on
   * @param target the new shard
   * @return what came of it, for people
   */
  String encode(ShardIndex shard, long first, Path target) {
    List<SampleEntry> samples = shard.samples();
    Map<String, Integer> unusable = new TreeMap<>();
    int written = 0;
    try (ShardWriter writer = ShardWriter.create(target)) {
      List<CompletableFuture<PictureReader.Read>> next = read(samples, 0, first);
      for (int at = 0; at < samples.size(); at += batch) {
        List<PictureReader.Read> read = next.stream().map(CompletableFuture::join).toList();
        next = read(samples, at + batch, first);
        read.forEach(one -> one.failure().ifPresent(why -> unusable.merge(why, 1, Integer::sum)));
        List<SquarePicture> good = read.stream().flatMap(one -> one.picture().stream()).toList();
        if (!good.isEmpty()) {
          write(good, writer);
          written += good.size();
        }
      }
      writer.finish();
    }
    return written + " samples" + (unusable.isEmpty() ? "" : ", not used: " + unusable);
  }

  private List<CompletableFuture<PictureReader.Read>> read(
      List<SampleEntry> samples, int from, long first) {
    return IntStream.range(from, Math.min(from + batch, samples.size()))
        .mapToObj(
            i ->
                CompletableFuture.supplyAsync(
                    () -> pictures.read(samples.get(i), first + i), threads))
        .toList();
  }

  private void write(List<SquarePicture> pictures, ShardWriter writer) {
    int size = form.size();
    float[] pixels = new float[size * pictures.size()];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(pictures.get(i).pixels(), 0, pixels, i * size, size);
    }
    try (Scope scope = Scope.open(models.device())) {
      Shape shape = new Shape(pictures.size(), 3, form.height(), form.width());
      Posterior posterior = models.encode(scope, scope.create(pixels, shape));
      Shape latent = posterior.mean().getShape().slice(1);
      float[] mean = posterior.mean().toFloatArray();
      float[] logvar = posterior.logvar().toFloatArray();
      for (int i = 0; i < pictures.size(); i++) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("npy", NpyFile.format(moments(latent, mean, logvar, i)));
        if (promptEmbeds) {
          files.put(SampleReader.TEXT_STATES, NpyFile.format(textStates(pictures.get(i))));
        }
        writer.write(pictures.get(i).key(), pictures.get(i).filesAfter(files));
      }
    }
  }

  private FloatArray textStates(SquarePicture picture) {
    try (Scope scope = Scope.open(models.device())) {
      NDArray states = models.promptEmbeds(scope, picture.captions());
      List<Integer> shape =
          LongStream.of(states.getShape().getShape()).mapToObj(Math::toIntExact).toList();
      return new FloatArray("", shape, states.toFloatArray());
    }
  }

  private static FloatArray moments(Shape latent, float[] mean, float[] logvar, int sample) {
    int size = (int) latent.size();
    float[] values = new float[2 * size];
    System.arraycopy(mean, sample * size, values, 0, size);
    System.arraycopy(logvar, sample * size, values, size, size);
    return new FloatArray(
        "", List.of(2 * (int) latent.get(0), (int) latent.get(1), (int) latent.get(2)), values);
  }
}
