package io.rglcd.cli.command;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code rglcd sample} is asked for.
 *
 * @param model diffusers directory
 * @param network whose weights
 * @param prompts one picture each
 * @param steps network evaluations
 * @param seed of the noise
 * @param guidance scale
 * @param out PNG file
 */
public record SampleRequest(
    Path model,
    Network network,
    List<String> prompts,
    int steps,
    long seed,
    double guidance,
    Path out) {

  /** Which network of a model directory, and with it which sampler. */
  public enum Network {
    /** EMA target in unet_target/, multistep consistency sampling. */
    TARGET,
    /** Online student in unet/, multistep consistency sampling. */
    STUDENT,
    /** A plain diffusion model in unet/, DDIM with classifier-free guidance. */
    TEACHER
  }

  /** Checks the values. */
  public SampleRequest {
    prompts = List.copyOf(prompts);
    require(!prompts.isEmpty(), "--prompt", "none", "at least one");
    require(steps >= 1 && steps <= 1000, "--steps", steps, "1 to 1000");
    require(Double.isFinite(guidance) && guidance >= 0, "--guidance", guidance, ">= 0");
    require(out.toString().endsWith(".png"), "--out", out, "a file that ends in .png");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
