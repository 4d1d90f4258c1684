package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.models.Posterior;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.rewards.RewardModel;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.random.Purpose;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A replica of the distillation of one teacher with one reward. */
public final class RgLcdReplica implements Replica {

  private static final TorchFunction SCALE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, factor: float) -> Tensor:
            return torch.mul(x, factor)
          """);

  private static final TorchFunction REPEAT =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, times: int) -> Tensor:
            return torch.repeat(x, [times, 1, 1])
          """);

  /** Copies the gradient out and says whether it and the loss are finite. */
  private static final TorchFunction DELIVER =
      TorchFunction.of(
          """
          def forward(self, to: Tensor, gradient: Tensor, loss: Tensor) -> Tensor:
            torch.copy_(to, gradient)
            finite = torch.logical_and(torch.all(torch.isfinite(gradient)),
                                       torch.all(torch.isfinite(loss)))
            return torch.to(finite, 6)
          """);

  private static final TorchFunction MEAN =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.mean(x)
          """);

  private final Scope scope;
  private final FrozenModels models;
  private final Optional<RewardModel> reward;
  private final RgLcdOptions options;
  private final RgLcdObjective objective;
  private final RandomDraws random;
  private final TrainingState state;
  private final Weights target;
  private final NDArray uncondPromptEmbeds;
  private final NDArray one;

  /**
   * The state before the first update.
   *
   * @param models read-only models of the device; not closed with the replica
   * @param reward scores decoded predictions; empty trains without reward
   * @param studentNet definition of student and target, with time_cond_proj_dim
   * @param student weights the student starts from, under its parameter names; copied
   * @param seed the run's seed
   */
  public RgLcdReplica(
      FrozenModels models,
      Optional<RewardModel> reward,
      UNet2DCondition studentNet,
      Weights student,
      RgLcdOptions options,
      OptimizerOptions optimizer,
      long seed) {
    this.scope = Scope.open(models.device());
    this.models = models;
    this.reward = options.rewardScale() > 0 ? reward : Optional.empty();
    this.options = options;
    this.objective =
        new RgLcdObjective(
            studentNet,
            models.unet(),
            models::decode,
            models.scalingFactor(),
            models.schedule(),
            models.predictionType(),
            options);
    this.random = new RandomDraws(seed);
    ParameterLayout layout = studentNet.layout();
    this.state =
        new TrainingState(
            scope,
            layout,
            optimizer,
            layout.flatten(scope, student),
            layout.flatten(scope, student));
    this.target = layout.bind(scope, state.target());
    this.uncondPromptEmbeds = models.promptEmbeds(scope, List.of(""));
    this.one = scope.create(1f);
  }

  @Override
  public MicroBatchLosses gradient(MicroBatch batch, NDArray gradient) {
    try (Scope inner = scope.child()) {
      Conditions given = conditions(inner, batch);
      NDArray leaf = Autograd.leaf(inner, state.student());
      Weights student = Autograd.recording(() -> state.layout().bind(inner, leaf));
      RgLcdVariables v = objective.evaluate(inner, student, target, models.unetWeights(), given);
      NDArray loss = v.get("loss");
      NDArray found = Autograd.gradient(inner, loss, leaf, one);
      boolean finite = scalar(DELIVER.call(inner, gradient, found, loss)) == 1;
      double rewardMean =
          given.reward().isPresent() ? scalar(MEAN.call(inner, v.get("expert_rewards"))) : 0;
      return new MicroBatchLosses(
          batch.size(), scalar(v.get("distill_loss")), rewardMean, scalar(loss), finite);
    }
  }

  /** Steps 1 to 6 of the loop body: latents, text states and the keyed draws. */
  private Conditions conditions(Scope into, MicroBatch batch) {
    int b = batch.size();
    NDArray latents = latents(into, batch);
    Shape each = latents.getShape().slice(1);
    return new Conditions(
        latents,
        random.normal(into, batch, Purpose.NOISE, each),
        random.timestepIndex(into, batch, options.numDdimTimesteps()),
        random.guidanceUniform(into, batch),
        promptEmbeds(into, batch),
        REPEAT.call(into, uncondPromptEmbeds, (long) b),
        reward.map(model -> (s, images) -> model.score(s, images, batch.captions())));
  }

  private NDArray promptEmbeds(Scope into, MicroBatch batch) {
    if (batch.prompts() instanceof BatchPrompts.Tokens tokens) {
      return models.promptEmbeds(into, tokens);
    }
    BatchPrompts.Embeds embeds = (BatchPrompts.Embeds) batch.prompts();
    float[] values = embeds.values().clone();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.captions().get(i).isEmpty()) {
        float[] empty = uncondPromptEmbeds.toFloatArray();
        System.arraycopy(empty, 0, values, i * empty.length, empty.length);
      }
    }
    return into.create(values, new Shape(batch.size(), embeds.tokens(), embeds.width()));
  }

  private NDArray latents(Scope into, MicroBatch batch) {
    try (Scope inner = into.child()) {
      Posterior posterior = posterior(inner, batch);
      NDArray noise =
          random.normal(inner, batch, Purpose.POSTERIOR, posterior.mean().getShape().slice(1));
      NDArray latents = posterior.sample(inner, noise);
      return inner.keep(SCALE.call(inner, latents, models.scalingFactor()));
    }
  }

  private Posterior posterior(Scope into, MicroBatch batch) {
    int b = batch.size();
    if (batch.images() instanceof BatchImages.Pixels pixels) {
      int r = pixels.resolution();
      return models.encode(into, into.create(pixels.values(), new Shape(b, 3, r, r)));
    }
    BatchImages.Moments moments = (BatchImages.Moments) batch.images();
    Shape shape = new Shape(b, 2L * moments.channels(), moments.height(), moments.width());
    return Posterior.ofMoments(into, into.create(moments.values(), shape));
  }

  private static double scalar(NDArray x) {
    return x.toFloatArray()[0];
  }

  @Override
  public CommitResult commit(NDArray meanGradient) {
    return state.commit(meanGradient);
  }

  @Override
  public long step() {
    return state.step();
  }

  @Override
  public long parameterCount() {
    return state.layout().size();
  }

  @Override
  public String digest() {
    return state.digest();
  }

  @Override
  public void save(Path directory) {
    state.save(directory);
  }

  @Override
  public void restore(Path directory) {
    state.restore(directory);
  }

  @Override
  public List<NDArray> vectors() {
    return List.copyOf(state.vectors().values());
  }

  @Override
  public void overwritten(long step) {
    state.overwritten(step);
  }

  @Override
  public NDArray newGradient(Scope owner) {
    return owner.manager().zeros(new Shape(parameterCount()));
  }

  @Override
  public Scope scope() {
    return scope;
  }

  /** The state itself, for export and sampling. */
  public TrainingState state() {
    return state;
  }

  @Override
  public void close() {
    scope.close();
  }
}
