package io.rglcd.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cli.config.TrainConfig;
import io.rglcd.starter.Starter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the keys about length, logging, validation and loading do to a whole run. */
class TrainingKeysTest {

  @TempDir Path folder;

  @Test
  void anEpochOfSixSamplesIsThreeStepsWithPicturesAndCurvesOnTheWay() throws IOException {
    Map<String, Object> keys = small();
    keys.put("training.max-train-steps", 0);
    keys.put("training.num-train-epochs", 1);
    keys.put("data.max-train-samples", 6);
    keys.put("training.vae-encode-batch-size", 1);
    keys.put("training.vae-decode-batch-size", 1);
    keys.put("validation.steps", 2);
    keys.put("logging.logging-dir", "boards");
    keys.put("logging.tracker-project-name", "six");

    String said = train(keys);

    assertThat(said).contains(" 6 samples,").contains("step 3/3");
    assertThat(names(folder.resolve("out/validation"))).containsExactly("step-000002.png");
    assertThat(names(folder.resolve("out/boards/six"))).hasSize(1);
    Path events =
        folder.resolve("out/boards/six").resolve(names(folder.resolve("out/boards/six")).get(0));
    assertThat(Files.readString(events, StandardCharsets.ISO_8859_1))
        .contains("validation/target_reward")
        .contains("validation/online_reward");
    assertThat(folder.resolve("out/checkpoint-3")).isDirectory();
  }

  @Test
  void withoutReportsValidationAndLoaderThreadsARunStillTrains() {
    Map<String, Object> keys = small();
    keys.put("training.max-train-steps", 1);
    keys.put("data.dataloader-num-workers", 0);
    keys.put("validation.steps", 0);
    keys.put("logging.report-to", "none");

    assertThat(train(keys)).contains("step 1/1");

    assertThat(folder.resolve("out/logs")).doesNotExist();
    assertThat(folder.resolve("out/validation")).doesNotExist();
    assertThat(folder.resolve("out/checkpoint-1")).isDirectory();
  }

  @Test
  void anotherAutoencoderIsUsedAndSavedWithTheModel() throws IOException {
    Path own = Starter.unpack().teacher().resolve("vae");
    Path other = Files.createDirectories(folder.resolve("vae-ft"));
    String weights = "diffusion_pytorch_model.safetensors";
    Files.copy(own.resolve(weights), other.resolve(weights));
    String config = Files.readString(own.resolve("config.json"));
    Files.writeString(other.resolve("config.json"), config.stripTrailing() + "\n\n");
    Map<String, Object> keys = small();
    keys.put("training.max-train-steps", 1);
    keys.put("teacher.vae", other.toString());

    train(keys);

    assertThat(folder.resolve("out/model/vae/config.json"))
        .hasSameBinaryContentAs(other.resolve("config.json"));
  }

  private Map<String, Object> small() {
    Map<String, Object> keys = new HashMap<>();
    keys.put("training.output-dir", folder.resolve("out").toString());
    keys.put("training.workers", 1);
    keys.put("training.train-batch-size", 2);
    keys.put("training.checkpointing-steps", 100);
    keys.put("validation.count", 2);
    keys.put("validation.pictures", 2);
    return keys;
  }

  private static String train(Map<String, Object> keys) {
    StringWriter said = new StringWriter();
    int status =
        new DistillationTrainer(Clock.systemUTC())
            .train(TrainConfig.starter(keys), new PrintWriter(said));
    assertThat(status).isZero();
    return said.toString();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
