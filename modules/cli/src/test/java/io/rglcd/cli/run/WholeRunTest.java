package io.rglcd.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cli.command.SampleRequest;
import io.rglcd.cli.command.SampleRequest.Network;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.data.pack.ShardWriter;
import io.rglcd.starter.Starter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user finds after {@code rglcd train}, and what happens when it is asked again. */
class WholeRunTest {

  @TempDir static Path folder;
  private static Path output;
  private static String said;

  @BeforeAll
  static void train() throws IOException {
    output = folder.resolve("out");
    Path shards = Files.createDirectories(folder.resolve("shards"));
    for (Path shard : Starter.unpack().trainShards().subList(0, 2)) {
      Files.copy(shard, shards.resolve(shard.getFileName().toString()));
    }
    Path corrupt = shards.resolve("corrupt.tar");
    Files.write(corrupt, "this is no tar".repeat(100).getBytes(StandardCharsets.US_ASCII));
    Map<String, Object> keys = keys(output, 2);
    keys.put("data.train-shards", List.of(shards + "/*.tar"));
    said = train(keys);
  }

  private static Map<String, Object> keys(Path directory, int steps) {
    Map<String, Object> keys = new HashMap<>();
    keys.put("training.output-dir", directory.toString());
    keys.put("training.max-train-steps", steps);
    keys.put("training.workers", 1);
    keys.put("training.train-batch-size", 2);
    keys.put("training.checkpointing-steps", 1);
    keys.put("validation.steps", 0);
    keys.put("validation.count", 2);
    keys.put("validation.pictures", 2);
    return keys;
  }

  private static String train(Map<String, Object> keys) {
    StringWriter words = new StringWriter();
    int status =
        new DistillationTrainer(Clock.systemUTC())
            .train(TrainConfig.starter(keys), new PrintWriter(words));
    assertThat(status).isZero();
    return words.toString();
  }

  @Test
  void leavesModelCheckpointsPicturesAndCurves() throws IOException {
    assertThat(output.resolve("model/unet/config.json")).isRegularFile();
    assertThat(output.resolve("model/unet_target/config.json")).isRegularFile();
    assertThat(output.resolve("model/model_index.json")).isRegularFile();
    assertThat(output.resolve("checkpoint-1/state.safetensors")).isRegularFile();
    assertThat(output.resolve("checkpoint-2/run.json")).isRegularFile();
    assertThat(output.resolve("samples.png")).isRegularFile();
    assertThat(Files.readString(output.resolve("report.html")))
        .contains("Objective", "Consistency loss", "Reward", "Gradient norm", "Learning rate");
    try (Stream<Path> files = Files.walk(output)) {
      assertThat(files.map(Path::toString).filter(f -> f.endsWith(".tmp"))).isEmpty();
    }
  }

  @Test
  void reportHasAllThatIsPromised() throws IOException {
    JsonNode report = new ObjectMapper().readTree(output.resolve("report.json").toFile());
    assertThat(report.get("steps").asLong()).isEqualTo(2);
    assertThat(report.get("seconds").asDouble()).isPositive();
    assertThat(report.get("samples_committed").asLong()).isEqualTo(4);
    for (String curve : List.of("loss", "distill", "train_reward")) {
      assertThat(report.at("/" + curve + "/first").isNumber()).as(curve).isTrue();
      assertThat(report.at("/" + curve + "/last").isNumber()).as(curve).isTrue();
    }
    assertThat(said)
        .contains(String.format(Locale.ROOT, "loss %.4f", report.at("/loss/last").asDouble()));
    for (String table : List.of("reward", "pref")) {
      for (String when : List.of("before", "after")) {
        for (int steps : new int[] {1, 2, 4}) {
          assertThat(report.at("/" + table + "/" + when + "_" + steps).isNumber())
              .as("%s %s_%s", table, when, steps)
              .isTrue();
        }
      }
      assertThat(report.at("/" + table + "/teacher_25").isNumber()).isTrue();
    }
    assertThat(report.get("agreement").isObject()).isTrue();
    assertThat(report.get("prompts")).hasSize(2);
    assertThat(report.get("seed").isIntegralNumber()).isTrue();
    assertThat(report.get("versions").size()).isPositive();
    assertThat(report.at("/config/training/train-batch-size").asInt()).isEqualTo(2);
  }

  @Test
  void damagedShardIsNamedAtTheEnd() {
    assertThat(said).contains("damaged shard").contains("corrupt.tar");
  }

  @Test
  void theFirstSampleIsShown() {
    assertThat(said)
        .containsPattern("first sample: \\S+ of \\S+\\.tar, pixels \\[3, 32, 32], \".+\"");
  }

  @Test
  void badSamplesAreListedByNameAndEpochsSummedUp() throws IOException {
    Path directory = folder.resolve("bad");
    Path shard = folder.resolve("some-bad.tar");
    try (ShardWriter writer = ShardWriter.create(shard)) {
      for (int i = 0; i < 6; i++) {
        byte[] picture = i % 3 == 1 ? new byte[] {1, 2, 3} : png();
        writer.write("sample" + i, Map.of("png", picture, "txt", ("text " + i).getBytes(UTF_8)));
      }
      writer.finish();
    }
    Map<String, Object> keys = keys(directory, 3);
    keys.put("data.train-shards", List.of(shard.toString()));
    assertThat(train(keys))
        .contains("epoch 0: 4 samples used; 2 of 6 samples were not used")
        .contains("2 x picture format not supported");
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("bad-samples.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines)
        .filteredOn(line -> line.get("epoch").asInt() == 0)
        .extracting(line -> line.get("key").asText())
        .containsExactlyInAnyOrder("sample1", "sample4");
    assertThat(lines)
        .allMatch(line -> line.get("shard").asText().equals(shard.toString()))
        .allMatch(line -> line.get("reason").asText().equals("picture format not supported"))
        .allMatch(line -> line.get("step").asInt() >= 1 && line.get("step").asInt() <= 3);
  }

  private static byte[] png() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB), "png", bytes);
    return bytes.toByteArray();
  }

  @Test
  void sameCommandAgainTellsTheRemedy() {
    Map<String, Object> keys = new HashMap<>(keys(output, 2));
    keys.put("data.train-shards", List.of(folder.resolve("shards") + "/*.tar"));
    assertThatThrownBy(() -> train(keys))
        .hasMessageContaining("has reached step 2")
        .hasMessageContaining("ask for more steps or choose another output directory");
  }

  @Test
  void otherSeedInTheSameDirectoryIsRefusedByName() {
    Map<String, Object> keys = new HashMap<>(keys(output, 3));
    keys.put("data.train-shards", List.of(folder.resolve("shards") + "/*.tar"));
    keys.put("training.seed", 99);
    assertThatThrownBy(() -> train(keys)).hasMessageContaining("training.seed");
  }

  @Test
  void moreStepsGoOnFromTheNewestCheckpoint() throws IOException {
    Path copy = folder.resolve("longer");
    try (Stream<Path> files = Files.walk(output)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(output.relativize(file).toString()));
      }
    }
    Map<String, Object> keys = new HashMap<>(keys(copy, 3));
    keys.put("data.train-shards", List.of(folder.resolve("shards") + "/*.tar"));
    assertThat(train(keys)).contains("step 3/3").doesNotContain("step 2/3");
    assertThat(copy.resolve("checkpoint-3")).isDirectory();
    JsonNode before = new ObjectMapper().readTree(output.resolve("report.json").toFile());
    JsonNode after = new ObjectMapper().readTree(copy.resolve("report.json").toFile());
    assertThat(after.get("steps").asLong()).isEqualTo(3);
    assertThat(after.get("samples_committed").asLong()).as("of all steps").isEqualTo(6);
    assertThat(after.at("/loss/first")).isEqualTo(before.at("/loss/first"));
    Files.delete(copy.resolve("report.json"));
    assertThat(train(keys)).as("interrupted while measuring").doesNotContain("step 3/3");
    assertThat(new ObjectMapper().readTree(copy.resolve("report.json").toFile())).isEqualTo(after);
  }

  @Test
  void unknownRewardZeroSamplesAndUnwritableOutputAreOneSentence() throws IOException {
    Map<String, Object> reward = keys(folder.resolve("a"), 1);
    reward.put("reward.name", "beauty");
    assertThatThrownBy(() -> train(reward)).hasMessageContaining("reward model beauty");
    Path nothing = Files.write(folder.resolve("nothing.tar"), new byte[1024]);
    Map<String, Object> empty = keys(folder.resolve("b"), 1);
    empty.put("data.train-shards", List.of(nothing.toString()));
    assertThatThrownBy(() -> train(empty)).hasMessageContaining("nothing.tar");
    Path file = Files.writeString(folder.resolve("file"), "not a directory");
    assertThatThrownBy(() -> train(keys(file, 1))).hasMessageContaining(file.toString());
  }

  @Test
  void studentTargetAndTeacherCanBeSampled() throws IOException {
    Path teacher = Starter.unpack().teacher();
    List<String> prompts = List.of("a red apple", "a cat");
    for (Network network : Network.values()) {
      Path picture = folder.resolve(network + ".png");
      Path model = network == Network.TEACHER ? teacher : output.resolve("model");
      StringWriter words = new StringWriter();
      int status =
          new DirectorySampler()
              .sample(
                  new SampleRequest(model, network, prompts, 2, 5, 5.0, picture),
                  new PrintWriter(words));
      assertThat(status).isZero();
      assertThat(words.toString()).contains("2 pictures in " + picture);
      BufferedImage image = ImageIO.read(picture.toFile());
      assertThat(image.getWidth()).isGreaterThan(200);
    }
    assertThatThrownBy(
            () ->
                new DirectorySampler()
                    .sample(
                        new SampleRequest(
                            teacher, Network.STUDENT, prompts, 1, 1, 5, folder.resolve("x.png")),
                        new PrintWriter(new StringWriter())))
        .hasMessageContaining("expected: a distilled model");
  }
}
