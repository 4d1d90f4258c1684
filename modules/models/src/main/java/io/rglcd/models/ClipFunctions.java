package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.util.List;

/**
 * What all CLIP towers share: the residual attention block, the embeddings, the pooled token.
 *
 * <p>A block is {@code x + attention(norm(x))}, then {@code x + mlp(norm(x))}. The originals differ
 * in names only (open_clip's {@code ResidualAttentionBlock} has query, key and value in one matrix,
 * transformers' {@code CLIPEncoderLayer} in three).
 */
final class ClipFunctions {

  /** Which tokens a token sees. */
  enum Sight {
    ALL("None, 0.0, False"),
    CAUSAL("None, 0.0, True"),
    /** By an additive mask, the block's third argument. */
    MASK("mask, 0.0, False");

    private final String arguments;

    Sight(String arguments) {
      this.arguments = arguments;
    }
  }

  private static final String[] OPEN_CLIP_NAMES = {
    "ln_1.weight", "ln_1.bias",
    "ln_2.weight", "ln_2.bias",
    "attn.out_proj.weight", "attn.out_proj.bias",
    "mlp.c_fc.weight", "mlp.c_fc.bias",
    "mlp.c_proj.weight", "mlp.c_proj.bias",
    "attn.in_proj_weight", "attn.in_proj_bias"
  };

  private static final String[] TRANSFORMERS_NAMES = {
    "layer_norm1.weight", "layer_norm1.bias",
    "layer_norm2.weight", "layer_norm2.bias",
    "self_attn.out_proj.weight", "self_attn.out_proj.bias",
    "mlp.fc1.weight", "mlp.fc1.bias",
    "mlp.fc2.weight", "mlp.fc2.bias",
    "self_attn.q_proj.weight", "self_attn.q_proj.bias",
    "self_attn.k_proj.weight", "self_attn.k_proj.bias",
    "self_attn.v_proj.weight", "self_attn.v_proj.bias"
  };

  private static final String FUSED =
      """
        parts = torch.chunk(torch.linear(h, w[10], w[11]), 3, 2)
        q = parts[0]
        k = parts[1]
        v = parts[2]
      """;

  private static final String SEPARATE =
      """
        q = torch.linear(h, w[10], w[11])
        k = torch.linear(h, w[12], w[13])
        v = torch.linear(h, w[14], w[15])
      """;

  private static final String BLOCK =
      """
      def forward(self, x: Tensor, w: List[Tensor], mask: Tensor) -> Tensor:
        b = torch.size(x, 0)
        t = torch.size(x, 1)
        d = torch.size(x, 2)
        split = [b, t, %1$d, d // %1$d]
        h = torch.layer_norm(x, [d], w[0], w[1], %2$s)
      %3$s
        q = torch.transpose(torch.reshape(q, split), 1, 2)
        k = torch.transpose(torch.reshape(k, split), 1, 2)
        v = torch.transpose(torch.reshape(v, split), 1, 2)
        a = torch.scaled_dot_product_attention(q, k, v, %4$s)
        a = torch.reshape(torch.transpose(a, 1, 2), [b, t, d])
        y = torch.add(x, torch.linear(a, w[4], w[5]))
        m = torch.linear(torch.layer_norm(y, [d], w[2], w[3], %2$s), w[6], w[7])
        return torch.add(y, torch.linear(%5$s, w[8], w[9]))
      """;

  private static final TorchFunction EMBED_TEXT =
      TorchFunction.of(
          """
          def forward(self, ids: Tensor, token: Tensor, position: Tensor) -> Tensor:
            first = torch.slice(position, 0, 0, torch.size(ids, 1))
            return torch.add(torch.embedding(token, ids), first)
          """);

  private static final TorchFunction POOL =
      TorchFunction.of(
          """
          def forward(self, h: Tensor, ids: Tensor, eos: int) -> Tensor:
            if eos < 0:
              at = torch.argmax(ids, 1)
            else:
              at = torch.argmax(torch.to(torch.eq(ids, eos), 3), 1)
            index = torch.expand(torch.reshape(at, [-1, 1, 1]), [-1, 1, torch.size(h, 2)])
            return torch.squeeze(torch.gather(h, 1, index), 1)
          """);

  private static final TorchFunction NORM =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor, b: Tensor, eps: float) -> Tensor:
            return torch.layer_norm(x, [torch.size(x, -1)], w, b, eps)
          """);

  private static final TorchFunction PROJECT =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor) -> Tensor:
            return torch.linear(x, w)
          """);

  private static final TorchFunction EXP =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.exp(x)
          """);

  private static final TorchFunction EMBED_PATCHES =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: List[Tensor], eps: float) -> Tensor:
            p = torch.size(w[0], 2)
            h = torch.transpose(torch.flatten(torch.conv2d(x, w[0], None, [p, p]), 2), 1, 2)
            d = torch.size(h, 2)
            first = torch.expand(torch.reshape(w[1], [1, 1, d]), [torch.size(h, 0), 1, d])
            h = torch.add(torch.cat([first, h], 1), w[2])
            return torch.layer_norm(h, [d], w[3], w[4], eps)
          """);

  private static final TorchFunction CLASS_TOKEN =
      TorchFunction.of(
          """
          def forward(self, h: Tensor, w: Tensor, b: Tensor, eps: float) -> Tensor:
            return torch.layer_norm(torch.select(h, 1, 0), [torch.size(h, 2)], w, b, eps)
          """);

  private final TorchFunction block;
  private final String[] names;

  private ClipFunctions(TorchFunction block, String[] names) {
    this.block = block;
    this.names = names;
  }

  private static TorchFunction block(
      String attention, Sight sight, int heads, double eps, ClipActivation activation) {
    return TorchFunction.of(
        BLOCK.formatted(
            heads, Double.toString(eps), attention, sight.arguments, activation.expression()));
  }

  /** Blocks under open_clip's names. */
  static ClipFunctions openClip(Sight sight, int heads, double eps, ClipActivation activation) {
    return new ClipFunctions(block(FUSED, sight, heads, eps, activation), OPEN_CLIP_NAMES);
  }

  /** Blocks under transformers' names. */
  static ClipFunctions transformers(Sight sight, int heads, double eps, ClipActivation activation) {
    return new ClipFunctions(block(SEPARATE, sight, heads, eps, activation), TRANSFORMERS_NAMES);
  }

  /**
   * Runs a stack of blocks.
   *
   * @param weights seen from above the numbered blocks
   * @param x [B,T,D]
   * @param mask [B,1,T,T] additive for {@link Sight#MASK}; else anything
   * @return [B,T,D]
   */
  NDArray run(Scope scope, Weights weights, int layers, NDArray x, NDArray mask) {
    NDArray h = x;
    for (int i = 0; i < layers; i++) {
      NDArray next = block.call(scope, h, weights.at(Integer.toString(i)).list(names), mask);
      if (h != x) {
        h.close();
      }
      h = next;
    }
    return h;
  }

  /**
   * Token plus position embedding.
   *
   * @param ids [B,T] int64
   * @return [B,T,D]
   */
  static NDArray embedText(Scope scope, NDArray ids, NDArray token, NDArray position) {
    long length = ids.getShape().get(1);
    long positions = position.getShape().get(0);
    if (length > positions) {
      throw new ModelException(
          "token ids: " + length + " a text (expected: <= " + positions + ", the context length)");
    }
    return EMBED_TEXT.call(scope, ids, token, position);
  }

  /**
   * The state of the token that ends the text.
   *
   * @param states [B,T,D]
   * @param ids [B,T]
   * @param eos the id whose first position counts; negative: the first position of the highest id
   * @return [B,D]
   */
  static NDArray pool(Scope scope, NDArray states, NDArray ids, long eos) {
    return POOL.call(scope, states, ids, eos);
  }

  /** Layer norm over the last dimension. */
  static NDArray norm(Scope scope, NDArray x, Weights weights, double eps) {
    return NORM.call(scope, x, weights.get("weight"), weights.get("bias"), eps);
  }

  /** {@code x w^T}. */
  static NDArray project(Scope scope, NDArray x, NDArray weight) {
    return PROJECT.call(scope, x, weight);
  }

  /** The elementwise exponential. */
  static NDArray exp(Scope scope, NDArray x) {
    return EXP.call(scope, x);
  }

  /**
   * Patches, class token, positions and the first norm of an image tower.
   *
   * @param pixels [B,3,H,W]
   * @param weights convolution, class token, positions, scale and shift of the norm
   * @return [B,1+patches,D]
   */
  static NDArray embedPatches(Scope scope, NDArray pixels, List<NDArray> weights, double eps) {
    return EMBED_PATCHES.call(scope, pixels, weights, eps);
  }

  /** The normalised class token: [B,T,D] to [B,D]. */
  static NDArray classToken(Scope scope, NDArray states, Weights norm, double eps) {
    return CLASS_TOKEN.call(scope, states, norm.get("weight"), norm.get("bias"), eps);
  }

  /**
   * Refuses pictures of another size than the tower's, whose positions would not fit.
   *
   * @param pixels [B,channels,size,size]
   */
  static void checkPixels(NDArray pixels, int channels, int size) {
    long[] shape = pixels.getShape().getShape();
    if (shape.length != 4 || shape[1] != channels || shape[2] != size || shape[3] != size) {
      throw new ModelException(
          String.format(
              "pixel values: %s (expected: [B, %d, %d, %d])",
              pixels.getShape(), channels, size, size));
    }
  }

  /** Refuses a width that the heads do not divide. */
  static void checkHeads(int width, int heads) {
    if (heads < 1 || width % heads != 0) {
      throw new ModelException(
          "config attention heads: " + heads + " (expected: a divisor of the width " + width + ")");
    }
  }

  /** Refuses a picture that is not made of whole patches. */
  static void checkPatches(int imageSize, int patchSize) {
    if (patchSize < 1 || imageSize < patchSize || imageSize % patchSize != 0) {
      throw new ModelException(
          "config patch_size: "
              + patchSize
              + " (expected: a divisor of image_size "
              + imageSize
              + ")");
    }
  }
}
