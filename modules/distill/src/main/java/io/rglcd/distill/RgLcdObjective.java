package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.rglcd.diffusion.BoundaryScalings;
import io.rglcd.diffusion.ConsistencyLoss;
import io.rglcd.diffusion.DdimSolver;
import io.rglcd.diffusion.GuidanceEmbedding;
import io.rglcd.diffusion.NoiseSchedule;
import io.rglcd.diffusion.PredictionType;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;

/**
 * The objective of Algorithm 3 (RG-LCD with a differentiable reward): the consistency loss between
 * the student at t_{n+k} and the EMA target at the point that one DDIM step of the guided teacher
 * reaches, minus beta times the mean reward of the student's decoded prediction.
 *
 * <p>Source: the loop body of the official train_lcm_distill_sd_wds.py, step by step, with its
 * variable names; target and teacher are evaluated first so that the student's graph is alive only
 * for its own forward and backward pass.
 */
public final class RgLcdObjective {

  private static final TorchFunction GUIDANCE_SCALE =
      TorchFunction.of(
          """
          def forward(self, uniform: Tensor, low: float, high: float) -> Tensor:
            return torch.add(torch.mul(uniform, high - low), low)
          """);

  private static final TorchFunction PAIR =
      TorchFunction.of(
          """
          def forward(self, a: Tensor, b: Tensor) -> Tensor:
            return torch.cat([a, b])
          """);

  private static final TorchFunction HALVES =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> List[Tensor]:
            return torch.chunk(x, 2)
          """);

  /** The LCM paper's form of classifier-free guidance: cond + w (cond - uncond). */
  private static final TorchFunction GUIDE =
      TorchFunction.of(
          """
          def forward(self, cond: Tensor, uncond: Tensor, w: Tensor) -> Tensor:
            return cond + torch.reshape(w, [-1, 1, 1, 1]) * (cond - uncond)
          """);

  private static final TorchFunction COMBINE =
      TorchFunction.of(
          """
          def forward(self, skip: Tensor, z: Tensor, out: Tensor, x0: Tensor) -> Tensor:
            return (torch.reshape(skip, [-1, 1, 1, 1]) * z
                    + torch.reshape(out, [-1, 1, 1, 1]) * x0)
          """);

  private static final TorchFunction TO_FLOAT =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.to(x, 6)
          """);

  private static final TorchFunction DIVIDE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, divisor: float) -> Tensor:
            return torch.div(x, divisor)
          """);

  private static final TorchFunction TO_IMAGE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.clamp(x / 2 + 0.5, 0, 1)
          """);

  private static final TorchFunction REWARD_LOSS =
      TorchFunction.of(
          """
          def forward(self, rewards: Tensor, scale: float) -> Tensor:
            return torch.mul(torch.neg(torch.mean(rewards)), scale)
          """);

  private static final TorchFunction SUM =
      TorchFunction.of(
          """
          def forward(self, a: Tensor, b: Tensor) -> Tensor:
            return a + b
          """);

  private final UNet2DCondition studentNet;
  private final UNet2DCondition teacherNet;
  private final Decoder decoder;
  private final NoiseSchedule schedule;
  private final PredictionType prediction;
  private final RgLcdOptions options;
  private final DdimSolver solver;
  private final int embeddingDim;

  /** Turns latents into images for the reward. */
  @FunctionalInterface
  public interface Decoder {
    /**
     * Decodes.
     *
     * @param latents [B,4,H,W] float32, divided by the scaling factor
     * @return [B,3,8H,8W] float32, about [-1,1], not clamped
     */
    NDArray decode(Scope scope, NDArray latents);
  }

  private final double scalingFactor;

  /**
   * Binds the networks' definitions and the teacher's schedule.
   *
   * @param studentNet student and target, with time_cond_proj_dim
   * @param teacherNet the teacher
   * @param decoder the VAE's decoder
   * @param scalingFactor the VAE's scaling factor
   */
  public RgLcdObjective(
      UNet2DCondition studentNet,
      UNet2DCondition teacherNet,
      Decoder decoder,
      double scalingFactor,
      NoiseSchedule schedule,
      PredictionType prediction,
      RgLcdOptions options) {
    this.studentNet = studentNet;
    this.teacherNet = teacherNet;
    this.decoder = decoder;
    this.scalingFactor = scalingFactor;
    this.schedule = schedule;
    this.prediction = prediction;
    this.options = options;
    this.solver = DdimSolver.of(schedule, options.numDdimTimesteps());
    this.embeddingDim = studentNet.config().timeCondProjDim();
  }

  /**
   * Evaluates target and loss; records the student's part for {@link Autograd}.
   *
   * @param scope owns every variable
   * @param student weights of the student, recorded
   * @param target weights of the EMA target
   * @param teacher weights of the teacher
   * @return the variables; {@code loss} is the scalar to differentiate
   */
  public RgLcdVariables evaluate(
      Scope scope, Weights student, Weights target, Weights teacher, Conditions given) {
    RgLcdVariables v = new RgLcdVariables();
    Autograd.noGrad(
        () -> {
          draw(scope, v, given);
          solve(scope, v, teacher, given);
          aim(scope, v, target, given);
          return v;
        });
    return Autograd.recording(
        () -> {
          predict(scope, v, student, given);
          compare(scope, v, given);
          return v;
        });
  }

  /** Steps 2 to 5 of the script: grid points, boundary scalings, noisy latents, guidance. */
  private void draw(Scope scope, RgLcdVariables v, Conditions given) {
    NDArray start = v.put("start_timesteps", solver.startTimesteps(scope, given.index()));
    NDArray end = v.put("timesteps", solver.endTimesteps(scope, given.index()));
    scalings(scope, v, "_start", start);
    scalings(scope, v, "", end);
    v.put("noisy_model_input", schedule.addNoise(scope, given.latents(), given.noise(), start));
    NDArray w =
        v.put(
            "w",
            GUIDANCE_SCALE.call(scope, given.guidanceUniform(), options.wMin(), options.wMax()));
    v.put("w_embedding", GuidanceEmbedding.embed(scope, w, embeddingDim));
  }

  private void scalings(Scope scope, RgLcdVariables v, String suffix, NDArray timesteps) {
    BoundaryScalings scalings = BoundaryScalings.at(scope, timesteps, options.timestepScaling());
    v.put("c_skip" + suffix, scalings.skip());
    v.put("c_out" + suffix, scalings.out());
  }

  /** Step 8: the teacher's guided estimate and one DDIM step back to t_n. */
  private void solve(Scope scope, RgLcdVariables v, Weights teacher, Conditions given) {
    NDArray z = v.get("noisy_model_input");
    NDArray start = v.get("start_timesteps");
    NDList outputs;
    try (Scope inner = scope.child()) {
      NDArray both =
          teacherNet.forward(
              inner,
              teacher,
              PAIR.call(inner, z, z),
              PAIR.call(inner, start, start),
              PAIR.call(inner, given.promptEmbeds(), given.uncondPromptEmbeds()),
              null);
      outputs = inner.keep(HALVES.callAll(inner, both));
    }
    NDArray cond = v.put("cond_teacher_output", outputs.get(0));
    NDArray uncond = v.put("uncond_teacher_output", outputs.get(1));
    NDArray w = v.get("w");
    NDArray x0 =
        v.put(
            "pred_x0",
            GUIDE.call(
                scope,
                prediction.predictedOrigin(scope, schedule, cond, start, z),
                prediction.predictedOrigin(scope, schedule, uncond, start, z),
                w));
    NDArray noise =
        v.put(
            "pred_noise",
            GUIDE.call(
                scope,
                prediction.predictedNoise(scope, schedule, cond, start, z),
                prediction.predictedNoise(scope, schedule, uncond, start, z),
                w));
    v.put("x_prev", solver.step(scope, x0, noise, given.index()));
  }

  /** Step 9: the EMA target's consistency function at t_n. */
  private void aim(Scope scope, RgLcdVariables v, Weights target, Conditions given) {
    NDArray xPrev = v.get("x_prev");
    NDArray end = v.get("timesteps");
    NDArray output =
        v.put(
            "target_noise_pred",
            studentNet.forward(
                scope,
                target,
                TO_FLOAT.call(scope, xPrev),
                end,
                given.promptEmbeds(),
                v.get("w_embedding")));
    NDArray x0 = prediction.predictedOrigin(scope, schedule, output, end, xPrev);
    v.put("target", COMBINE.call(scope, v.get("c_skip"), xPrev, v.get("c_out"), x0));
  }

  /** Step 7: the student's consistency function at t_{n+k}. */
  private void predict(Scope scope, RgLcdVariables v, Weights student, Conditions given) {
    NDArray z = v.get("noisy_model_input");
    NDArray start = v.get("start_timesteps");
    NDArray output =
        v.put(
            "noise_pred",
            studentNet.forward(
                scope, student, z, start, given.promptEmbeds(), v.get("w_embedding")));
    NDArray x0 = prediction.predictedOrigin(scope, schedule, output, start, z);
    v.put("model_pred", COMBINE.call(scope, v.get("c_skip_start"), z, v.get("c_out_start"), x0));
  }

  /** Step 10: the losses. */
  private void compare(Scope scope, RgLcdVariables v, Conditions given) {
    NDArray prediction = v.get("model_pred");
    NDArray distill =
        v.put(
            "distill_loss",
            options.lossType() == LossType.HUBER
                ? ConsistencyLoss.huber(scope, prediction, v.get("target"), options.huberC())
                : ConsistencyLoss.l2(scope, prediction, v.get("target")));
    if (given.reward().isEmpty()) {
      v.put("loss", distill);
      return;
    }
    NDArray decoded = decoder.decode(scope, DIVIDE.call(scope, prediction, scalingFactor));
    NDArray images = v.put("decoded_imgs", TO_IMAGE.call(scope, decoded));
    NDArray rewards = v.put("expert_rewards", given.reward().get().score(scope, images));
    NDArray rewardLoss =
        v.put("reward_loss", REWARD_LOSS.call(scope, rewards, options.rewardScale()));
    v.put("loss", SUM.call(scope, distill, rewardLoss));
  }
}
