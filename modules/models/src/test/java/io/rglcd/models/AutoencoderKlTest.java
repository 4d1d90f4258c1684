package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
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
}
