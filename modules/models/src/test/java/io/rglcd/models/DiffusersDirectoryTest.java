package io.rglcd.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffusersDirectoryTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  @TempDir Path directory;
  private Path teacher;

  @BeforeEach
  void aTeacherOfGoldenParts() throws IOException {
    teacher = directory.resolve("teacher");
    for (String part : List.of("unet", "vae", "text_encoder", "tokenizer", "scheduler")) {
      Files.createDirectories(teacher.resolve(part));
    }
    text(
        "model_index.json",
        "{\"_class_name\": \"P\", \"scheduler\": [\"d\", \"S\"],"
            + " \"text_encoder\": [\"t\", \"E\"], \"tokenizer\": [\"t\", \"T\"],"
            + " \"unet\": [\"d\", \"U\"], \"vae\": [\"d\", \"V\"]}");
    text("scheduler/scheduler_config.json", "{\"beta_end\": 0.012}");
    text("tokenizer/vocab.json", "{}");
    text("tokenizer/merges.txt", "#version\n");
    text("text_encoder/config.json", "{}");
    text("text_encoder/model.safetensors", "not read here");
    golden("unet_sd21", "unet");
    golden("vae_3level", "vae");
  }

  private void text(String file, String content) throws IOException {
    Files.writeString(teacher.resolve(file), content);
  }

  private void golden(String name, String part) throws IOException {
    Files.copy(GOLDEN.resolve(name + "/config.json"), teacher.resolve(part + "/config.json"));
    Files.copy(
        GOLDEN.resolve(name + "/weights.safetensors"), teacher.resolve(part).resolve(WEIGHTS));
  }

  @Test
  void loadsConfigurationsAndWeights() {
    try (Scope scope = Scope.open()) {
      DiffusersDirectory model = DiffusersDirectory.open(teacher);
      assertThat(model.unetWeights(scope).all()).hasSize(model.unet().layout().shapes().size());
      assertThat(model.vaeWeights(scope).all()).hasSize(model.vae().layout().shapes().size());
      assertThat(model.schedulerConfig().get("beta_end").doubleValue()).isEqualTo(0.012);
      assertThat(model.hasTarget()).isFalse();
    }
  }

  @Test
  void eachMissingFileIsNamed() throws IOException {
    for (String file :
        List.of(
            "model_index.json",
            "scheduler/scheduler_config.json",
            "tokenizer/merges.txt",
            "text_encoder/model.safetensors",
            "vae/config.json",
            "unet/" + WEIGHTS)) {
      Path away = Files.move(teacher.resolve(file), directory.resolve("away"));
      assertThatThrownBy(() -> DiffusersDirectory.open(teacher))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("model directory " + teacher + " has no " + file + " ");
      Files.move(away, teacher.resolve(file));
    }
    assertThatThrownBy(() -> DiffusersDirectory.open(directory.resolve("nowhere")))
        .hasMessage("model directory missing: " + directory.resolve("nowhere"));
  }

  @Test
  void aSavedStudentLoadsAgainWithItsTargetAndTheTeachersOtherParts() throws IOException {
    try (Scope scope = Scope.open()) {
      DiffusersDirectory model = DiffusersDirectory.open(teacher);
      UNet2DConditionConfig config = model.unet().config().withTimeCondProjDim(24);
      UNet2DCondition net = UNet2DCondition.of(config);
      Weights student = new ParameterInit(net.layout(), 1).weights(scope);
      Weights target = new ParameterInit(net.layout(), 2).weights(scope);
      Path out = directory.resolve("deep/student");

      DiffusersDirectory saved = model.saveWith(out, config, student, target);

      assertThat(saved.unet().config()).isEqualTo(config);
      assertSame(student, saved.unetWeights(scope));
      assertSame(target, saved.targetWeights(scope));
      for (String file : List.of("model_index.json", "tokenizer/merges.txt", "vae/" + WEIGHTS)) {
        assertThat(out.resolve(file)).hasSameBinaryContentAs(teacher.resolve(file));
      }
    }
  }

  @Test
  void anotherAutoencoderReplacesTheTeachersAndGoesIntoTheSavedModel() throws IOException {
    try (Scope scope = Scope.open()) {
      Path other = Files.createDirectories(directory.resolve("vae-ft"));
      DiffusersDirectory plain = DiffusersDirectory.open(teacher);
      Weights weights = new ParameterInit(plain.vae().layout(), 7).weights(scope);
      Files.copy(teacher.resolve("vae/config.json"), other.resolve("config.json"));
      SafetensorsWriter.write(other.resolve(WEIGHTS), weights.all(), Map.of());

      DiffusersDirectory model = plain.withVae(other);
      Path out = directory.resolve("with-vae");
      model.saveWith(out, model.unet().config(), model.unetWeights(scope), null);

      assertSame(weights, model.vaeWeights(scope));
      assertThat(out.resolve("vae/" + WEIGHTS)).hasSameBinaryContentAs(other.resolve(WEIGHTS));
    }
  }

  @Test
  void anAutoencoderWithoutWeightsIsRefused() {
    assertThatThrownBy(() -> DiffusersDirectory.open(teacher).withVae(teacher))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("autoencoder directory " + teacher + " cannot be used");
  }

  private static void assertSame(Weights expected, Weights actual) {
    assertThat(actual.all().keySet()).containsExactlyElementsOf(expected.all().keySet());
    expected
        .all()
        .forEach(
            (name, tensor) ->
                assertThat(actual.get(name).toFloatArray())
                    .as(name)
                    .containsExactly(tensor.toFloatArray()));
  }

  @Test
  void aSavedConfigurationKeepsKeysOrderAndNumbersAsDiffusersWroteThem() throws IOException {
    try (Scope scope = Scope.open()) {
      DiffusersDirectory model = DiffusersDirectory.open(teacher);
      Path out = directory.resolve("copy");
      model.saveWith(out, model.unet().config(), model.unetWeights(scope), null);
      List<String> before = Files.readAllLines(teacher.resolve("unet/config.json"));
      before.replaceAll(line -> line.replace("1e-05", "0.00001"));
      assertThat(Files.readAllLines(out.resolve("unet/config.json"))).isEqualTo(before);
      assertThat(out.resolve("unet_target")).doesNotExist();
    }
  }

  @Test
  void aConfigurationWithoutGuidanceEmbeddingGainsTheKeyAtItsEnd() {
    JsonNode published = RandomModel.config("sd21-unet").withTimeCondProjDim(256).toJson();
    List<String> keys = new ArrayList<>();
    published.fieldNames().forEachRemaining(keys::add);
    assertThat(keys).hasSize(25).endsWith("use_linear_projection", "time_cond_proj_dim");
    assertThat(published.get("time_cond_proj_dim").intValue()).isEqualTo(256);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
    try (Scope scope = Scope.open()) {
      Path file = Files.writeString(directory.resolve("file"), "");
      DiffusersDirectory model = DiffusersDirectory.open(teacher);
      assertThatThrownBy(
              () ->
                  model.saveWith(
                      file.resolve("x"), model.unet().config(), model.unetWeights(scope), null))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("cannot write model directory " + file.resolve("x"));
    }
  }
}
