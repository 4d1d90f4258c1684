package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.diffusion.NoiseSchedule;
import io.rglcd.diffusion.SchedulerConfig;
import io.rglcd.distill.AdamW;
import io.rglcd.distill.Conditions;
import io.rglcd.distill.DifferentiableReward;
import io.rglcd.distill.LearningRateSchedule;
import io.rglcd.distill.LossType;
import io.rglcd.distill.OptimizerOptions;
import io.rglcd.distill.RgLcdObjective;
import io.rglcd.distill.RgLcdOptions;
import io.rglcd.distill.RgLcdVariables;
import io.rglcd.distill.TrainingState;
import io.rglcd.models.AutoencoderKl;
import io.rglcd.models.AutoencoderKlConfig;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.models.UNet2DConditionConfig;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import java.util.Optional;

/** The networks, settings and objective of a training case. */
final class StepNetworks {

  private static final String CONFIG = "/config.json";
  private static final String WEIGHTS = "/weights.safetensors";

  private final CaseDirectory directory;
  private final Weights student;
  private final Weights target;
  private final Weights teacher;
  private final ParameterLayout layout;
  private final RgLcdObjective objective;
  private final Optional<ClipScore> clip;

  private StepNetworks(Scope scope, CaseDirectory directory) {
    this.directory = directory;
    UNet2DCondition studentNet = unet("student");
    UNet2DCondition teacherNet = unet("teacher");
    this.layout = studentNet.layout();
    this.student = directory.weights(scope, "student" + WEIGHTS, layout);
    this.target = directory.weights(scope, "target" + WEIGHTS, layout);
    this.teacher = directory.weights(scope, "teacher" + WEIGHTS, teacherNet.layout());
    this.clip =
        directory.scalar("optimize_reward_fn").asBoolean()
            ? Optional.of(
                ClipScore.openClip(
                    scope, directory, directory.json("clip" + CONFIG), "clip" + WEIGHTS))
            : Optional.empty();
    SchedulerConfig scheduler =
        SchedulerConfig.of(
            ((ObjectNode) directory.scalar("scheduler").deepCopy())
                .put("prediction_type", directory.scalar("prediction_type").asText()));
    AutoencoderKl vae = AutoencoderKl.of(AutoencoderKlConfig.of(directory.json("vae" + CONFIG)));
    Weights vaeWeights = directory.weights(scope, "vae" + WEIGHTS, vae.layout());
    this.objective =
        new RgLcdObjective(
            studentNet,
            teacherNet,
            (inner, latents) -> vae.decode(inner, vaeWeights, latents),
            vae.config().scalingFactor(),
            NoiseSchedule.of(scheduler),
            scheduler.predictionType(),
            options());
  }

  /** Reads everything; the scope owns the weights. */
  static StepNetworks open(Scope scope, CaseDirectory directory) {
    return new StepNetworks(scope, directory);
  }

  private UNet2DCondition unet(String folder) {
    return UNet2DCondition.of(UNet2DConditionConfig.of(directory.json(folder + CONFIG)));
  }

  private RgLcdOptions options() {
    return new RgLcdOptions(
        directory.scalar("num_ddim_timesteps").asInt(),
        directory.scalar("w_min").asDouble(),
        directory.scalar("w_max").asDouble(),
        directory.scalar("timestep_scaling_factor").asDouble(),
        LossType.of(directory.scalar("loss_type").asText()),
        directory.scalar("huber_c").asDouble(),
        directory.scalar("reward_scale").asDouble());
  }

  /** Names and shapes of the student's parameters. */
  ParameterLayout layout() {
    return layout;
  }

  /** The state before the first update. */
  TrainingState newState(Scope scope, double weightDecay) {
    OptimizerOptions optimizer =
        new OptimizerOptions(
            directory.scalar("learning_rate").asDouble(),
            LearningRateSchedule.CONSTANT,
            0,
            directory.scalar("iterations").asLong(),
            new AdamW.Options(0.9, 0.999, 1e-8, weightDecay),
            directory.scalar("max_grad_norm").asDouble(),
            directory.scalar("ema_decay").asDouble());
    return new TrainingState(
        scope, layout, optimizer, layout.flatten(scope, student), layout.flatten(scope, target));
  }

  /**
   * One evaluation of the objective with the draws of that iteration.
   *
   * @param studentFlat recorded leaf, [P]
   * @param targetFlat [P]
   */
  RgLcdVariables evaluate(Scope scope, int iteration, NDArray studentFlat, NDArray targetFlat) {
    String prefix = "iter" + iteration + ".";
    Conditions conditions =
        new Conditions(
            directory.read(scope, prefix + "latents"),
            directory.read(scope, prefix + "noise"),
            directory.read(scope, prefix + "index"),
            directory.read(scope, prefix + "w_uniform"),
            directory.read(scope, prefix + "prompt_embeds"),
            directory.read(scope, prefix + "uncond_prompt_embeds"),
            reward(scope, prefix));
    Weights recorded = Autograd.recording(() -> layout.bind(scope, studentFlat));
    return objective.evaluate(scope, recorded, layout.bind(scope, targetFlat), teacher, conditions);
  }

  private Optional<DifferentiableReward> reward(Scope scope, String prefix) {
    if (clip.isEmpty()) {
      return Optional.empty();
    }
    NDArray tokens = directory.read(scope, prefix + "tokens");
    ClipScore score = clip.get();
    return Optional.of((inner, images) -> score.score(inner, images, tokens, false));
  }
}
