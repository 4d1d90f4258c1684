package io.rglcd.rewards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.models.ModelException;
import io.rglcd.models.OpenClip;
import io.rglcd.models.OpenClipConfig;
import io.rglcd.models.ParameterInit;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reward loaded from a directory, with captions, as a training run uses it. */
class ClipRewardTest {

  private static final Path TOKENIZER = Path.of("src/test/resources/tokenizer");

  private static final String CONFIG =
      """
      {"embed_dim": 16,
       "vision_cfg": {"image_size": 16, "layers": 1, "width": 16, "head_width": 8, "patch_size": 8},
       "text_cfg": {"context_length": 16, "vocab_size": 2014, "width": 16, "heads": 2, "layers": 1}
       PREPROCESS}
      """;

  @TempDir private Path directory;

  private ClipReward reward(String preprocess) throws IOException {
    Path config = directory.resolve("config.json");
    Files.writeString(config, CONFIG.replace("PREPROCESS", preprocess));
    try (Scope scope = Scope.open()) {
      OpenClip clip = OpenClip.of(OpenClipConfig.read(config));
      SafetensorsWriter.write(
          directory.resolve("model.safetensors"),
          new ParameterInit(clip.layout(), 7).weights(scope).all(),
          SafetensorsWriter.PYTORCH);
    }
    return ClipReward.load(directory, TOKENIZER, Device.cpu());
  }

  private static NDArray images(Scope scope, int count) {
    Random random = new Random(3);
    float[] values = new float[count * 3 * 20 * 20];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return scope.create(values, new Shape(count, 3, 20, 20));
  }

  @Test
  void anImageScoresTheSameAloneAndInABatch() throws IOException {
    try (ClipReward reward = reward("");
        Scope scope = Scope.open()) {
      NDArray two = images(scope, 2);
      float[] batch = reward.score(scope, two, List.of("a red heart", "dog face")).toFloatArray();
      float alone = reward.score(scope, images(scope, 1), List.of("a red heart")).toFloatArray()[0];
      assertThat(batch).hasSize(2);
      assertThat(batch[0]).isCloseTo(alone, within(1e-6f)).isBetween(-1f, 1f);
    }
  }

  @Test
  void theCaptionDecides() throws IOException {
    try (ClipReward reward = reward("");
        Scope scope = Scope.open()) {
      NDArray image = images(scope, 1);
      float one = reward.score(scope, image, List.of("a red heart")).toFloatArray()[0];
      float other = reward.score(scope, image, List.of("dog face")).toFloatArray()[0];
      assertThat(one).isNotEqualTo(other);
      assertThat(reward.score(scope, image, List.of("a red heart")).toFloatArray()[0])
          .as("from kept features")
          .isEqualTo(one);
    }
  }

  @Test
  void theGradientRaisesTheScore() throws IOException {
    try (ClipReward reward = reward("");
        Scope scope = Scope.open()) {
      List<String> captions = List.of("a red heart");
      NDArray image = Autograd.leaf(scope, images(scope, 1));
      NDArray score = Autograd.recording(() -> reward.score(scope, image, captions));
      NDArray one = scope.create(new float[] {1});
      float[] gradient = Autograd.gradient(scope, score, image, one).toFloatArray();
      double squares = 0;
      for (float value : gradient) {
        squares += (double) value * value;
      }
      assertThat(squares).isPositive();
      float[] moved = images(scope, 1).toFloatArray();
      double step = 1e-3 / squares;
      for (int i = 0; i < moved.length; i++) {
        moved[i] += (float) (step * gradient[i]);
      }
      NDArray better = scope.create(moved, image.getShape());
      double gain =
          reward.score(scope, better, captions).toFloatArray()[0] - score.toFloatArray()[0];
      assertThat(gain).isCloseTo(1e-3, within(3e-4));
    }
  }

  @Test
  void meanAndDeviationOfTheConfigurationCount() throws IOException {
    float usual;
    try (ClipReward reward = reward("");
        Scope scope = Scope.open()) {
      usual = reward.score(scope, images(scope, 1), List.of("dog face")).toFloatArray()[0];
    }
    try (ClipReward reward =
            reward(", \"preprocess_cfg\": {\"mean\": [0, 0, 0], \"std\": [1, 1, 1]}");
        Scope scope = Scope.open()) {
      assertThat(reward.score(scope, images(scope, 1), List.of("dog face")).toFloatArray()[0])
          .isNotEqualTo(usual);
    }
    assertThatThrownBy(() -> reward(", \"mean\": [0.5]"))
        .isInstanceOf(ModelException.class)
        .hasMessage("mean: [0.5] (expected: three numbers, one a channel)");
  }

  @Test
  void asManyCaptionsAsImagesAreAskedFor() throws IOException {
    try (ClipReward reward = reward("");
        Scope scope = Scope.open()) {
      NDArray two = images(scope, 2);
      assertThatThrownBy(() -> reward.score(scope, two, List.of("dog face")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "captions: 1 for images of shape (2, 3, 20, 20)"
                  + " (expected: one caption an image, at least one)");
    }
  }

  @Test
  void aDirectoryWithoutConfigurationIsNamed() {
    assertThatThrownBy(() -> ClipReward.load(directory, TOKENIZER, Device.cpu()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(directory.resolve("config.json").toString());
  }
}
