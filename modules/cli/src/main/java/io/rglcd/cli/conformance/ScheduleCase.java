package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import io.rglcd.diffusion.BoundaryScalings;
import io.rglcd.diffusion.ConsistencyLoss;
import io.rglcd.diffusion.DdimSolver;
import io.rglcd.diffusion.GuidanceEmbedding;
import io.rglcd.diffusion.NoiseSchedule;
import io.rglcd.diffusion.PredictionType;
import io.rglcd.diffusion.SchedulerConfig;
import io.rglcd.distill.Ema;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The small mathematics of diffusion and distillation: tables, solver, conversions, boundary
 * scalings, guidance embedding, losses, EMA.
 */
final class ScheduleCase implements CaseRunner {

  private static final String GRADIENT_SUFFIX = ".grad_pred";
  private static final Tolerance TABLE = Tolerance.relative(1e-6);
  private static final Tolerance STEP = Tolerance.absolute(1e-5);
  private static final Tolerance DIVIDED = Tolerance.toMax(1e-5);
  private static final Tolerance EMBEDDING = Tolerance.absolute(2e-3);
  private static final Tolerance LOSS = Tolerance.relative(1e-6);
  private static final Tolerance GRADIENT = Tolerance.toMax(1e-5);
  private static final Tolerance AVERAGE = Tolerance.toMax(1e-6);

  /** What is read aliases the mapped file and must not be written. */
  private static final TorchFunction COPY =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.clone(x)
          """);

  @Override
  public String kind() {
    return "schedule";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    try (Scope scope = Scope.open()) {
      new Parts(directory, comparison, scope).run();
    }
  }

  private static final class Parts {

    private final CaseDirectory directory;
    private final Comparison comparison;
    private final Scope scope;
    private final NoiseSchedule schedule;

    Parts(CaseDirectory directory, Comparison comparison, Scope scope) {
      this.directory = directory;
      this.comparison = comparison;
      this.scope = scope;
      this.schedule = NoiseSchedule.of(SchedulerConfig.of(directory.scalar("scheduler")));
    }

    void run() {
      offer("betas", schedule.betas(), TABLE);
      offer("alphas_cumprod", schedule.alphasCumprod(), TABLE);
      offer("alpha_schedule", schedule.alphas(), TABLE);
      offer("sigma_schedule", schedule.sigmas(), TABLE);
      solver();
      conversions();
      forEachSuffix("boundary.c_skip.s", this::boundary);
      forEachSuffix("w_embedding.", this::embedding);
      losses();
      average();
    }

    private void solver() {
      DdimSolver solver = DdimSolver.of(schedule, directory.scalar("num_ddim_timesteps").asInt());
      NDArray index = read("index");
      offer("solver.ddim_timesteps", solver.timesteps(), Tolerance.EXACT);
      offer("solver.ddim_alpha_cumprods", solver.alphaCumprods(), TABLE);
      offer("solver.ddim_alpha_cumprods_prev", solver.alphaCumprodsPrev(), TABLE);
      offer("index.start_timesteps", solver.startTimesteps(scope, index), Tolerance.EXACT);
      offer("index.end_timesteps", solver.endTimesteps(scope, index), Tolerance.EXACT);
      offer("ddim_step.out", solver.step(scope, read("x0"), read("noise"), index), STEP);
    }

    private void conversions() {
      NDArray x0 = read("x0");
      NDArray t = read("timesteps");
      NDArray output = read("model_output");
      offer("add_noise.out", schedule.addNoise(scope, x0, read("noise"), t), STEP);
      for (PredictionType type : PredictionType.values()) {
        offer(
            "predicted_origin." + type.configName(),
            type.predictedOrigin(scope, schedule, output, t, x0),
            type == PredictionType.EPSILON ? DIVIDED : STEP);
        offer(
            "predicted_noise." + type.configName(),
            type.predictedNoise(scope, schedule, output, t, x0),
            type == PredictionType.SAMPLE ? DIVIDED : STEP);
      }
    }

    private void boundary(String scaling) {
      BoundaryScalings scalings =
          BoundaryScalings.at(scope, read("boundary_timesteps"), Double.parseDouble(scaling));
      offer("boundary.c_skip.s" + scaling, scalings.skip(), TABLE);
      offer("boundary.c_out.s" + scaling, scalings.out(), TABLE);
    }

    private void embedding(String dimension) {
      offer(
          "w_embedding." + dimension,
          GuidanceEmbedding.embed(scope, read("w"), Integer.parseInt(dimension)),
          EMBEDDING);
    }

    private void losses() {
      NDArray target = read("loss_target");
      loss("l2", prediction -> ConsistencyLoss.l2(scope, prediction, target));
      forEachSuffix(
          "huber.",
          suffix -> {
            if (!suffix.endsWith(GRADIENT_SUFFIX)) {
              double c = Double.parseDouble(suffix);
              loss(
                  "huber." + suffix,
                  prediction -> ConsistencyLoss.huber(scope, prediction, target, c));
            }
          });
    }

    private void loss(String name, UnaryOperator<NDArray> function) {
      NDArray prediction = Autograd.leaf(scope, read("loss_pred"));
      NDArray loss = Autograd.recording(() -> function.apply(prediction));
      offer(name, loss, LOSS);
      NDArray one = scope.create(1f);
      offer(name + GRADIENT_SUFFIX, Autograd.gradient(scope, loss, prediction, one), GRADIENT);
    }

    private void average() {
      NDArray target = COPY.call(scope, read("ema_target"));
      Ema.update(target, read("ema_source"), directory.scalar("ema_decay").asDouble());
      offer("ema.out", target, AVERAGE);
    }

    private void forEachSuffix(String prefix, Consumer<String> action) {
      for (String tensor : comparison.awaited()) {
        if (tensor.startsWith(prefix)) {
          action.accept(tensor.substring(prefix.length()));
        }
      }
    }

    private NDArray read(String tensor) {
      return directory.read(scope, tensor);
    }

    private void offer(String tensor, NDArray got, Tolerance prose) {
      comparison.offer(tensor, got, Tolerance.of(directory.json(), prose));
    }
  }
}
