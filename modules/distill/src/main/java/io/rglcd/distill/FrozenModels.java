package io.rglcd.distill;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.rglcd.diffusion.NoiseSchedule;
import io.rglcd.diffusion.PredictionType;
import io.rglcd.diffusion.SchedulerConfig;
import io.rglcd.models.AutoencoderKl;
import io.rglcd.models.ClipText;
import io.rglcd.models.DiffusersDirectory;
import io.rglcd.models.Posterior;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.models.tokenizer.ClipTokenizer;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import java.nio.file.Path;
import java.util.List;

/**
 * The models that training only reads, of one device: teacher UNet, VAE, text encoder and tokenizer
 * of a diffusers directory. Shared by the replicas and samplers of that device; safe to use from
 * several threads as long as each brings its own scope.
 */
public final class FrozenModels implements AutoCloseable {

  private final Scope scope;
  private final DiffusersDirectory directory;
  private final UNet2DCondition unet;
  private final Weights unetWeights;
  private final AutoencoderKl vae;
  private final Weights vaeWeights;
  private final VaeBatches vaeBatches;
  private final ClipText text;
  private final Weights textWeights;
  private final ClipTokenizer tokenizer;
  private final SchedulerConfig scheduler;
  private final NoiseSchedule schedule;

  private FrozenModels(Scope scope, DiffusersDirectory directory, VaeBatches vaeBatches) {
    this.scope = scope;
    this.vaeBatches = vaeBatches;
    this.directory = directory;
    this.unet = directory.unet();
    this.unetWeights = directory.unetWeights(scope);
    this.vae = directory.vae();
    this.vaeWeights = directory.vaeWeights(scope);
    this.text = ClipText.of(directory.textConfig());
    this.textWeights = text.load(scope, directory.textEncoder());
    this.tokenizer = ClipTokenizer.load(directory.tokenizer());
    this.scheduler = SchedulerConfig.of(directory.schedulerConfig());
    this.schedule = NoiseSchedule.of(scheduler, scope.manager().getDevice());
  }

  /**
   * Loads a teacher.
   *
   * @param path a diffusers directory
   * @throws io.rglcd.tensor.TensorException naming a missing file or tensor
   */
  public static FrozenModels load(Path path, Device device) {
    return load(DiffusersDirectory.open(path), VaeBatches.DEFAULT, device);
  }

  /**
   * Loads a teacher.
   *
   * @throws io.rglcd.tensor.TensorException naming a missing file or tensor
   */
  public static FrozenModels load(
      DiffusersDirectory directory, VaeBatches vaeBatches, Device device) {
    Scope scope = Scope.open(device);
    try {
      return new FrozenModels(scope, directory, vaeBatches);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  /**
   * Text states of captions.
   *
   * @return [B,T,D] float32
   */
  public NDArray promptEmbeds(Scope into, List<String> captions) {
    return promptEmbeds(into, BatchPrompts.Tokens.of(tokenizer, captions));
  }

  /**
   * Text states of captions.
   *
   * @return [B,T,D] float32
   */
  public NDArray promptEmbeds(Scope into, BatchPrompts.Tokens tokens) {
    long length = tokens.contextLength();
    try (Scope inner = into.child()) {
      NDArray ids = inner.create(tokens.ids(), new Shape(tokens.length() / length, length));
      return inner.keep(text.lastHiddenState(inner, textWeights, ids));
    }
  }

  /**
   * The distribution of the latents of pictures, encoded {@link VaeBatches#encode} at a time.
   *
   * @param pixels [B,3,H,W] float32 in [-1,1]
   * @return mean and logarithm of the variance, [B,4,h,w], not multiplied by the scaling factor
   */
  public Posterior encode(Scope into, NDArray pixels) {
    NDList moments =
        Pieces.map(
            into,
            pixels,
            vaeBatches.encode(),
            (s, piece) -> {
              Posterior posterior = vae.encode(s, vaeWeights, piece);
              return new NDList(posterior.mean(), posterior.logvar());
            });
    return new Posterior(moments.get(0), moments.get(1));
  }

  /**
   * Decodes latents, {@link VaeBatches#decode} at a time.
   *
   * @param latents [B,4,H,W] float32, divided by the scaling factor
   * @return [B,3,fH,fW] float32, about [-1,1], not clamped
   */
  public NDArray decode(Scope into, NDArray latents) {
    return Pieces.map(
            into,
            latents,
            vaeBatches.decode(),
            (s, piece) -> new NDList(vae.decode(s, vaeWeights, piece)))
        .get(0);
  }

  /** The teacher's UNet. */
  public UNet2DCondition unet() {
    return unet;
  }

  /** Its weights. */
  public Weights unetWeights() {
    return unetWeights;
  }

  /** The autoencoder. */
  public AutoencoderKl vae() {
    return vae;
  }

  /** Its weights. */
  public Weights vaeWeights() {
    return vaeWeights;
  }

  /** Factor between the VAE's latents and the diffusion's. */
  public double scalingFactor() {
    return vae.config().scalingFactor();
  }

  /** The teacher's scheduler as configured. */
  public SchedulerConfig scheduler() {
    return scheduler;
  }

  /** Its tables. */
  public NoiseSchedule schedule() {
    return schedule;
  }

  /** What the teacher predicts. */
  public PredictionType predictionType() {
    return scheduler.predictionType();
  }

  /** Where the teacher came from. */
  public DiffusersDirectory directory() {
    return directory;
  }

  /** The device all of it is on. */
  public Device device() {
    return scope.manager().getDevice();
  }

  @Override
  public void close() {
    scope.close();
  }
}
