package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import io.rglcd.models.AutoencoderKl;
import io.rglcd.models.AutoencoderKlConfig;
import io.rglcd.models.Posterior;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;

/** The autoencoder: posterior, its sample with given noise, decoding, gradients of both halves. */
final class VaeCase implements CaseRunner {

  private static final Tolerance VALUE = Tolerance.absolute(2e-5);
  private static final Tolerance GRADIENT = Tolerance.toMax(1e-4);

  @Override
  public String kind() {
    return "vae";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    AutoencoderKl vae = AutoencoderKl.of(AutoencoderKlConfig.of(directory.json("config.json")));
    Tolerance value = Tolerance.of(directory.json(), VALUE);
    Tolerance gradient = Tolerance.of(directory.json(), GRADIENT);
    try (Scope scope = Scope.open()) {
      Weights weights = directory.weights(scope, "weights.safetensors", vae.layout());
      if (directory.has("image")) {
        NDArray image = Autograd.leaf(scope, directory.read(scope, "image"));
        Posterior posterior = Autograd.recording(() -> vae.encode(scope, weights, image));
        comparison.offer("mean", posterior.mean(), value);
        comparison.offer("logvar", posterior.logvar(), value);
        if (comparison.awaits("posterior_sample")) {
          NDArray noise = directory.read(scope, "posterior_noise");
          comparison.offer("posterior_sample", posterior.sample(scope, noise), value);
        }
        if (comparison.awaits("grad_image")) {
          NDArray r = directory.read(scope, "R_latent");
          comparison.offer(
              "grad_image", Autograd.gradient(scope, posterior.mean(), image, r), gradient);
        }
      }
      if (directory.has("latents")) {
        NDArray latents = Autograd.leaf(scope, directory.read(scope, "latents"));
        NDArray decoded = Autograd.recording(() -> vae.decode(scope, weights, latents));
        comparison.offer("decoded", decoded, value);
        if (comparison.awaits("grad_latents")) {
          NDArray r = directory.read(scope, "R");
          comparison.offer("grad_latents", Autograd.gradient(scope, decoded, latents, r), gradient);
        }
      }
    }
  }
}
