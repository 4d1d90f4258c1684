package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.WeightFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The variational autoencoder of Stable Diffusion, between images in [-1,1] and latents.
 *
 * <p>Source: diffusers 0.26.3 {@code AutoencoderKL}.
 */
public final class AutoencoderKl {

  private static final TorchFunction MOMENTS =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tuple[Tensor, Tensor]:
            m = torch.chunk(torch.conv2d(x, w, b), 2, 1)
            return (m[0], torch.clamp(m[1], -30., 20.))
          """);

  private static final TorchFunction POST_QUANT =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
            return torch.conv2d(x, w, b)
          """);

  /** How the mid block's attention was named before diffusers 0.18. */
  private static final Map<String, String> FORMER_NAMES =
      Map.of("to_q", "query", "to_k", "key", "to_v", "value", "to_out.0", "proj_attn");

  private final AutoencoderKlConfig config;
  private final AutoencoderBlocks encoder;
  private final AutoencoderBlocks decoder;
  private final ParameterLayout layout;

  private AutoencoderKl(AutoencoderKlConfig config) {
    this.config = config;
    this.encoder = AutoencoderBlocks.encoder(config);
    this.decoder = AutoencoderBlocks.decoder(config);
    int latents = config.latentChannels();
    Parameters p = new Parameters();
    encoder.declare(p.at("encoder"));
    decoder.declare(p.at("decoder"));
    p.conv("quant_conv", 2L * latents, 2L * latents, 1);
    p.conv("post_quant_conv", latents, latents, 1);
    this.layout = p.layout();
  }

  /** Describes the network of that configuration. */
  public static AutoencoderKl of(AutoencoderKlConfig config) {
    return new AutoencoderKl(config);
  }

  /**
   * The distribution of the latents of images. Height and width need not be multiples of the
   * down-sampling factor.
   *
   * @param scope owns the result
   * @param weights under this network's names
   * @param imageBchw in [-1,1], float32
   */
  public Posterior encode(Scope scope, Weights weights, NDArray imageBchw) {
    try (Scope inner = scope.child()) {
      NDArray h = encoder.forward(inner, weights.at("encoder"), imageBchw);
      Weights conv = weights.at("quant_conv");
      NDList moments = inner.keep(MOMENTS.callAll(inner, h, conv.get("weight"), conv.get("bias")));
      return new Posterior(moments.get(0), moments.get(1));
    }
  }

  /**
   * Images of latents, not clamped.
   *
   * @param scope owns the result
   * @param weights under this network's names
   * @param latents [B,latentChannels,h,w], already divided by the scaling factor
   * @return [B,outChannels,H,W], about [-1,1]
   */
  public NDArray decode(Scope scope, Weights weights, NDArray latents) {
    try (Scope inner = scope.child()) {
      Weights conv = weights.at("post_quant_conv");
      NDArray h = POST_QUANT.call(inner, latents, conv.get("weight"), conv.get("bias"));
      return inner.keep(decoder.forward(inner, weights.at("decoder"), h));
    }
  }

  /**
   * Loads the weights of this network; files with the attention's former names (query, key, value,
   * proj_attn) are read too.
   *
   * @param scope owns the weights
   * @param path as in {@link WeightFiles#load}
   */
  public Weights load(Scope scope, Path path) {
    Set<String> stored = WeightFiles.list(path).keySet();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    Map<String, String> storedNames = new LinkedHashMap<>();
    layout
        .shapes()
        .forEach(
            (name, shape) -> {
              String former = formerName(name);
              String storedName = stored.contains(former) ? former : name;
              storedNames.put(name, storedName);
              shapes.put(storedName, shape);
            });
    Weights found = WeightFiles.load(scope, path, ParameterLayout.of(shapes));
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    storedNames.forEach((name, storedName) -> tensors.put(name, found.get(storedName)));
    return Weights.of(tensors);
  }

  private static String formerName(String name) {
    for (Map.Entry<String, String> entry : FORMER_NAMES.entrySet()) {
      String part = "mid_block.attentions.0." + entry.getKey() + ".";
      if (name.contains(part)) {
        return name.replace(part, "mid_block.attentions.0." + entry.getValue() + ".");
      }
    }
    return name;
  }

  /** Names and shapes of the parameters, in the original's order. */
  public ParameterLayout layout() {
    return layout;
  }

  /** The configuration. */
  public AutoencoderKlConfig config() {
    return config;
  }
}
