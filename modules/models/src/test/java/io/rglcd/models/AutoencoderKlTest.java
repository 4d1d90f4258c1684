package io.rglcd.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutoencoderKlTest {

  @ParameterizedTest
  @ValueSource(strings = {"vae_3level", "vae_4level"})
  void encodesSamplesDecodesAndDifferentiatesAsDiffusers(String name) {
    try (GoldenCase golden = new GoldenCase(name)) {
      Scope scope = golden.scope;
      AutoencoderKl vae = AutoencoderKl.of(AutoencoderKlConfig.of(golden.config()));
      Weights weights = golden.weights(vae.layout());
      NDArray image = Autograd.leaf(scope, golden.tensor("image"));
      Posterior posterior = Autograd.recording(() -> vae.encode(scope, weights, image));
      golden.check("mean", posterior.mean(), 2e-5, 0);
      golden.check("logvar", posterior.logvar(), 2e-5, 0);
      golden.check(
          "posterior_sample", posterior.sample(scope, golden.tensor("posterior_noise")), 2e-5, 0);
      golden.check(
          "grad_image",
          Autograd.gradient(scope, posterior.mean(), image, golden.tensor("R_latent")),
          0,
          1e-4);
      NDArray latents = Autograd.leaf(scope, golden.tensor("latents"));
      NDArray decoded = Autograd.recording(() -> vae.decode(scope, weights, latents));
      golden.check("decoded", decoded, 2e-5, 0);
      golden.check(
          "grad_latents", Autograd.gradient(scope, decoded, latents, golden.tensor("R")), 0, 1e-4);
    }
  }

  @Test
  void formerNamesOfTheAttentionAreRead(@TempDir Path directory) {
    try (GoldenCase golden = new GoldenCase("vae_3level")) {
      AutoencoderKl vae = AutoencoderKl.of(AutoencoderKlConfig.of(golden.config()));
      Weights weights = golden.weights(vae.layout());
      Map<String, NDArray> former = new LinkedHashMap<>();
      weights
          .all()
          .forEach(
              (name, tensor) ->
                  former.put(
                      name.replace("to_q", "query")
                          .replace("to_k", "key")
                          .replace("to_v", "value")
                          .replace("to_out.0", "proj_attn"),
                      tensor));
      Path file = directory.resolve("former.safetensors");
      SafetensorsWriter.write(file, former, SafetensorsWriter.PYTORCH);
      Weights read = vae.load(golden.scope, file);
      assertThat(former).containsKey("encoder.mid_block.attentions.0.proj_attn.bias");
      weights
          .all()
          .forEach(
              (name, tensor) ->
                  assertThat(read.get(name).toFloatArray())
                      .as(name)
                      .containsExactly(tensor.toFloatArray()));
    }
  }

  @Test
  void anUnsupportedBlockIsNamed() {
    try (GoldenCase golden = new GoldenCase("vae_3level")) {
      ObjectNode config = golden.config().deepCopy();
      config.putArray("up_block_types").add("AttnUpDecoderBlock2D");
      assertThatThrownBy(() -> AutoencoderKlConfig.of(config))
          .isInstanceOf(ModelException.class)
          .hasMessage(
              "config up_block_types: [AttnUpDecoderBlock2D] is not supported"
                  + " (expected: 3 times UpDecoderBlock2D)");
    }
  }
}
