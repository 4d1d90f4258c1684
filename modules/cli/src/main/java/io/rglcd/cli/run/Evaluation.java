package io.rglcd.cli.run;

import ai.djl.ndarray.NDArray;
import io.rglcd.distill.ImageSampler;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.rewards.ClipReward;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import java.util.List;
import java.util.Optional;

/**
 * Samples the measured captions, always from the same noise, and scores the pictures.
 *
 * <p>The teacher's 25-step DDIM latents are sampled once and kept as the yardstick.
 */
final class Evaluation implements AutoCloseable {

  /** Steps of the teacher that everything is compared with. */
  static final int TEACHER_STEPS = 25;

  /** Pictures sampled at a time. */
  private static final int CHUNK = 48;

  private static final long NOISE_SEED = 20240317;

  private final Scope scope;
  private final RunInputs inputs;
  private final ImageSampler sampler;
  private final List<String> prompts;
  private final double guidance;
  private final int latentSize;
  private final float[] yardstick;

  Evaluation(RunInputs inputs, List<String> prompts, double guidance, int resolution) {
    this.scope = Scope.open(inputs.models().device());
    this.inputs = inputs;
    this.sampler = new ImageSampler(inputs.models());
    this.prompts = prompts;
    this.guidance = guidance;
    this.latentSize = resolution / inputs.models().vae().config().downsampling();
    this.yardstick = latents(teacher(TEACHER_STEPS));
  }

  /** Makes latents for some captions. */
  private interface Method {
    NDArray sample(Scope scope, List<String> captions, NDArray noise, int first);
  }

  private Method teacher(int steps) {
    return (s, captions, noise, first) -> sampler.teacher(s, captions, noise, steps, guidance);
  }

  private Method student(UNet2DCondition net, Weights weights, int steps) {
    return (s, captions, noise, first) ->
        sampler.student(s, net, weights, captions, noise, NOISE_SEED, first, steps, guidance);
  }

  /** The teacher's scores with that many DDIM steps. */
  Scores scoreTeacher(int steps) {
    return score(teacher(steps));
  }

  /** A student's scores with that many steps. */
  Scores scoreStudent(UNet2DCondition net, Weights weights, int steps) {
    return score(student(net, weights, steps));
  }

  /** The teacher's pictures of other captions, [B,3,H,W] in [0,1]. */
  NDArray showTeacher(Scope into, List<String> captions, int steps) {
    return show(into, captions, teacher(steps));
  }

  /** A student's pictures of other captions, [B,3,H,W] in [0,1]. */
  NDArray showStudent(
      Scope into, UNet2DCondition net, Weights weights, List<String> captions, int steps) {
    return show(into, captions, student(net, weights, steps));
  }

  private NDArray show(Scope into, List<String> captions, Method method) {
    try (Scope inner = into.child()) {
      NDArray noise = sampler.noise(inner, NOISE_SEED, 0, captions.size(), latentSize);
      return inner.keep(sampler.decode(inner, method.sample(inner, captions, noise, 0)));
    }
  }

  private float[] latents(Method method) {
    float[] all = null;
    for (int first = 0; first < prompts.size(); first += CHUNK) {
      try (Scope inner = scope.child()) {
        float[] part = sampleChunk(inner, method, first).toFloatArray();
        if (all == null) {
          all = new float[part.length / chunk(first).size() * prompts.size()];
        }
        System.arraycopy(part, 0, all, first * (all.length / prompts.size()), part.length);
      }
    }
    return all;
  }

  private Scores score(Method method) {
    double reward = 0;
    double pref = 0;
    double distance = 0;
    for (int first = 0; first < prompts.size(); first += CHUNK) {
      try (Scope inner = scope.child()) {
        NDArray latents = sampleChunk(inner, method, first);
        NDArray images = sampler.decode(inner, latents);
        reward += total(inner, inputs.reward(), images, chunk(first));
        pref += total(inner, inputs.pref(), images, chunk(first));
        distance += squaredDistance(latents.toFloatArray(), first);
      }
    }
    int count = prompts.size();
    return new Scores(reward / count, pref / count, distance / yardstick.length);
  }

  private NDArray sampleChunk(Scope into, Method method, int first) {
    List<String> captions = chunk(first);
    NDArray noise = sampler.noise(into, NOISE_SEED, first, captions.size(), latentSize);
    return method.sample(into, captions, noise, first);
  }

  private List<String> chunk(int first) {
    return prompts.subList(first, Math.min(prompts.size(), first + CHUNK));
  }

  private double squaredDistance(float[] latents, int first) {
    int offset = first * (yardstick.length / prompts.size());
    double sum = 0;
    for (int i = 0; i < latents.length; i++) {
      double difference = (double) latents[i] - yardstick[offset + i];
      sum += difference * difference;
    }
    return sum;
  }

  private static double total(
      Scope into, Optional<ClipReward> judge, NDArray images, List<String> captions) {
    if (judge.isEmpty()) {
      return Double.NaN;
    }
    double sum = 0;
    for (float value : judge.get().score(into, images, captions).toFloatArray()) {
      sum += value;
    }
    return sum;
  }

  @Override
  public void close() {
    scope.close();
  }
}
