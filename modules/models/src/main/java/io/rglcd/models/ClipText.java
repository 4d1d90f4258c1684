package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.WeightFiles;
import java.nio.file.Path;

/**
 * The text encoder of Stable Diffusion: transformers' {@code CLIPTextModel} under its own names
 * ({@code text_model.*}). Causal attention, pre-norm blocks, one final layer norm.
 */
public final class ClipText {

  private static final TorchFunction MASK =
      TorchFunction.of(
          """
          def forward(self, attended: Tensor) -> Tensor:
            t = torch.size(attended, 1)
            keys = torch.reshape(torch.ne(attended, 0), [-1, 1, 1, t])
            causal = torch.tril(torch.to(torch.ones_like(torch.expand(keys, [-1, 1, t, t])), 6))
            seen = torch.mul(causal, torch.to(keys, 6))
            lowest = -3.4028234663852886e+38
            return torch.masked_fill(torch.zeros_like(seen), torch.eq(seen, 0), lowest)
          """);

  private final ClipTextConfig config;
  private final ClipFunctions causal;
  private final ClipFunctions masked;

  private ClipText(ClipTextConfig config) {
    this.config = config;
    this.causal = blocks(ClipFunctions.Sight.CAUSAL);
    this.masked = blocks(ClipFunctions.Sight.MASK);
  }

  private ClipFunctions blocks(ClipFunctions.Sight sight) {
    return ClipFunctions.transformers(sight, config.heads(), config.eps(), config.activation());
  }

  /** The network of that configuration. */
  public static ClipText of(ClipTextConfig config) {
    return new ClipText(config);
  }

  /** The configuration. */
  public ClipTextConfig config() {
    return config;
  }

  /** Names and shapes in the order in which the original registers them. */
  public ParameterLayout layout() {
    Parameters parameters = new Parameters();
    register(parameters.at("text_model"), config);
    return parameters.layout();
  }

  static void register(Parameters p, ClipTextConfig config) {
    p.at("embeddings")
        .tensor("token_embedding.weight", config.vocabSize(), config.hiddenSize())
        .tensor("position_embedding.weight", config.maxPositions(), config.hiddenSize());
    registerBlocks(p, config.layers(), config.hiddenSize(), config.intermediateSize());
    p.norm("final_layer_norm", config.hiddenSize());
  }

  static void registerBlocks(Parameters p, int layers, int width, int inner) {
    for (int i = 0; i < layers; i++) {
      Parameters block = p.at("encoder.layers", i);
      block
          .at("self_attn")
          .linear("k_proj", width, width)
          .linear("v_proj", width, width)
          .linear("q_proj", width, width)
          .linear("out_proj", width, width);
      block.norm("layer_norm1", width);
      block.at("mlp").linear("fc1", width, inner).linear("fc2", inner, width);
      block.norm("layer_norm2", width);
    }
  }

  /** Whether a checkpoint may hold that name although it is no parameter (a saved buffer). */
  public static boolean isIgnorable(String name) {
    return name.endsWith(".position_ids");
  }

  /**
   * Loads the weights of this network.
   *
   * @param path as for {@link WeightFiles#load}
   */
  public Weights load(Scope scope, Path path) {
    return WeightFiles.load(scope, path, layout(), ClipText::isIgnorable);
  }

  /**
   * The states after the final layer norm, which Stable Diffusion is conditioned on. No attention
   * mask: padding is seen by padding.
   *
   * @param ids [B,T] int64
   * @return [B,T,D] float32
   * @throws ModelException if T is longer than the context
   */
  public NDArray lastHiddenState(Scope scope, Weights weights, NDArray ids) {
    return states(scope, weights, ids, null);
  }

  /**
   * The state at the end token: at the highest id where the configured end token is 2, else at the
   * first end token.
   *
   * @param ids [B,T] int64
   * @return [B,D] float32
   */
  public NDArray pooled(Scope scope, Weights weights, NDArray ids) {
    return pooled(scope, weights, ids, null);
  }

  /**
   * {@link #pooled(Scope, Weights, NDArray)} where padding is hidden.
   *
   * @param attentionMask [B,T] int64, 0 where a token is padding; null for none
   */
  public NDArray pooled(Scope scope, Weights weights, NDArray ids, NDArray attentionMask) {
    try (Scope work = scope.child()) {
      NDArray states = states(work, weights, ids, attentionMask);
      long eos = config.eosTokenId() == 2 ? -1 : config.eosTokenId();
      return work.keep(ClipFunctions.pool(work, states, ids, eos));
    }
  }

  private NDArray states(Scope scope, Weights weights, NDArray ids, NDArray attentionMask) {
    Weights model = weights.at("text_model");
    try (Scope work = scope.child()) {
      NDArray x =
          ClipFunctions.embedText(
              work,
              ids,
              model.get("embeddings.token_embedding.weight"),
              model.get("embeddings.position_embedding.weight"));
      ClipFunctions blocks = attentionMask == null ? causal : masked;
      NDArray mask = attentionMask == null ? x : MASK.call(work, attentionMask);
      Weights layers = model.at("encoder").at("layers");
      NDArray h = blocks.run(work, layers, config.layers(), x, mask);
      return work.keep(ClipFunctions.norm(work, h, model.at("final_layer_norm"), config.eps()));
    }
  }
}
