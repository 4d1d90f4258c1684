package io.rglcd.cli.run;

import ai.djl.Device;
import io.rglcd.cli.command.LatentsMaker;
import io.rglcd.cli.command.LatentsRequest;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cli.report.OutputDirectory;
import io.rglcd.data.shard.ShardIndex;
import io.rglcd.distill.FrozenModels;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Encodes pictures ahead of training, a new shard for each shard. */
public final class LatentShards implements LatentsMaker {

  private static final long MIN_FREE_BYTES = 256L << 20;

  /** What decides the values; the rest of a configuration may differ between calls. */
  private static final Set<String> IDENTITY =
      Set.of(
          "teacher.model",
          "teacher.vae",
          "data.train-shards",
          "data.resolution",
          "data.interpolation-type",
          "data.center-crop");

  @Override
  public void make(LatentsRequest request, PrintWriter out) {
    TrainConfig config = TrainConfig.load(request.config(), Map.of());
    OutputDirectory.open(request.out(), MIN_FREE_BYTES, identity(config, request.promptEmbeds()));
    TrainingData data = TrainingData.pictures(config);
    List<ShardIndex> shards = data.set().shards();
    try (FrozenModels models =
            FrozenModels.load(
                TeacherDirectory.open(config), config.training().vaeBatches(), Device.cpu());
        LoaderThreads threads = new LoaderThreads(config.data().dataloaderNumWorkers())) {
      ShardEncoder encoder =
          new ShardEncoder(config, request.promptEmbeds(), models, threads.executor());
      long first = 0;
      for (int i = 0; i < shards.size(); i++) {
        Path target = request.out().resolve(String.format("%05d.tar", i));
        if (i % request.parts() == request.part() && !Files.exists(target)) {
          out.println(target + ": " + encoder.encode(shards.get(i), first, target));
          out.flush();
        }
        first += shards.get(i).samples().size();
      }
    }
  }

  /** A random place of the crop depends on the seed as well. */
  private static Map<String, String> identity(TrainConfig config, boolean promptEmbeds) {
    Map<String, String> identity = new HashMap<>(RunIdentity.of(config.json()));
    identity
        .keySet()
        .removeIf(
            key ->
                !IDENTITY.contains(key)
                    && (config.data().centerCrop() || !key.equals("training.seed")));
    identity.put("--prompt-embeds", String.valueOf(promptEmbeds));
    return identity;
  }
}
