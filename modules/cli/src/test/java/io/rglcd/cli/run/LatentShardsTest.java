package io.rglcd.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.cli.command.LatentsRequest;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.data.DataSet;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.starter.Starter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that are encoded ahead of training, from the command to the trained weights. */
class LatentShardsTest {

  private static final Map<String, Object> LATENTS = Map.of("data.work-on-latent", true);

  @TempDir static Path folder;
  private static List<Path> shards;
  private static Path latents;
  private static Path config;
  private static String said;

  @BeforeAll
  static void encode() throws IOException {
    shards = Starter.unpack().trainShards().subList(0, 2);
    latents = folder.resolve("latents");
    config = config("all.conf", "center-crop = true");
    said = make(new LatentsRequest(config, latents, true, 0, 1));
  }

  private static Path config(String name, String key) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        """
        data { train-shards = ["%s", "%s"], resolution = 32, %s }
        training.vae-encode-batch-size = 1
        """
            .formatted(shards.get(0), shards.get(1), key));
  }

  private static String make(LatentsRequest request) {
    StringWriter words = new StringWriter();
    new LatentShards().make(request, new PrintWriter(words));
    return words.toString();
  }

  @Test
  void trainingOnLatentsIsTrainingOnTheirPictures() throws IOException {
    byte[] ofPictures = trained("pictures", shards.toString(), Map.of());
    byte[] ofLatents = trained("of-latents", "[" + latents + "/*.tar]", LATENTS);
    assertThat(ofLatents).isEqualTo(ofPictures);
  }

  @Test
  void trainingOnTextStatesIsTrainingOnTheirCaptions() throws IOException {
    String shardList = "[" + latents + "/*.tar]";
    Map<String, Object> captions = new HashMap<>(LATENTS);
    captions.put("training.train-batch-size", 1);
    captions.put("data.proportion-empty-prompts", 0.5);
    Map<String, Object> states = new HashMap<>(captions);
    states.put("data.work-on-prompt-embeds", true);
    byte[] ofCaptions = trained("of-captions", shardList, captions);
    assertThat(trained("of-states", shardList, states)).isEqualTo(ofCaptions);
  }

  private static byte[] trained(String name, String shardList, Map<String, Object> others)
      throws IOException {
    Map<String, Object> keys = new HashMap<>();
    keys.put("training.output-dir", folder.resolve(name).toString());
    keys.put("training.max-train-steps", 2);
    keys.put("training.workers", 1);
    keys.put("training.train-batch-size", 2);
    keys.put("training.vae-encode-batch-size", 1);
    keys.put("validation.steps", 0);
    keys.put("validation.count", 2);
    keys.put("validation.pictures", 2);
    keys.put("data.center-crop", true);
    keys.put(
        "data.train-shards",
        List.of(shardList.substring(1, shardList.length() - 1).split(", ", -1)));
    keys.putAll(others);
    assertThat(
            new DistillationTrainer(Clock.systemUTC())
                .train(TrainConfig.starter(keys), new PrintWriter(new StringWriter())))
        .isZero();
    return Files.readAllBytes(folder.resolve(name).resolve("checkpoint-2/state.safetensors"));
  }

  @Test
  void eachShardHasTheSamplesAndCaptionsOfItsOwn() {
    DataSet before = DataSet.find(shards.stream().map(Path::toString).toList());
    DataSet after = DataSet.find(List.of(latents + "/*.tar"));
    assertThat(after.counts()).isEqualTo(before.counts());
    SampleEntry sample = after.shards().get(1).samples().get(3);
    assertThat(sample.key()).isEqualTo(before.shards().get(1).samples().get(3).key());
    assertThat(sample.fields())
        .extracting(SampleEntry.Field::name)
        .startsWith("npy", "prompt_embeds.npy", "txt");
    assertThat(said)
        .contains("00000.tar: " + before.counts().get(0) + " samples")
        .contains("00001.tar");
  }

  @Test
  void whatIsThereIsPassedOverAndWhatIsMissingIsMadeAlikeInParts() throws IOException {
    Path again = folder.resolve("again");
    String first = make(new LatentsRequest(config, again, true, 0, 2));
    assertThat(first).contains("00000.tar").doesNotContain("00001.tar");
    Files.writeString(again.resolve("00001.tar.part"), "left by one that was killed");
    assertThat(make(new LatentsRequest(config, again, true, 1, 2))).doesNotContain("00000.tar");
    assertThat(make(new LatentsRequest(config, again, true, 0, 1))).isEmpty();
    for (String shard : List.of("00000.tar", "00001.tar")) {
      assertThat(again.resolve(shard)).hasSameBinaryContentAs(latents.resolve(shard));
    }
    assertThat(again).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void anotherCropInTheSameDirectoryIsRefusedByName() throws IOException {
    LatentsRequest other =
        new LatentsRequest(config("random.conf", "center-crop = false"), latents, true, 0, 1);
    assertThatThrownBy(() -> make(other)).hasMessageContaining("data.center-crop");
  }

  @Test
  void picturesWhereLatentsAreAskedForAndMirroredLatentsAreRefused() {
    assertThatThrownBy(() -> trained("wrong", shards.toString(), LATENTS))
        .hasMessageContaining("no npy or npz file of latents");
    assertThatThrownBy(
            () ->
                TrainConfig.starter(Map.of("data.work-on-latent", true, "data.random-flip", true)))
        .hasMessageContaining("data.random-flip");
    assertThatThrownBy(() -> TrainConfig.starter(Map.of("data.work-on-prompt-embeds", true)))
        .hasMessageContaining("data.work-on-prompt-embeds");
  }
}
