package io.rglcd.diffusion;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/**
 * Sinusoidal embedding of the guidance scale: sines, then cosines, of 1000 w times falling
 * frequencies; a zero column at the end where the width is odd.
 *
 * <p>Source: {@code guidance_scale_embedding} of the official common_utils.py.
 */
public final class GuidanceEmbedding {

  private static final TorchFunction EMBED =
      TorchFunction.of(
          """
          def forward(self, w: Tensor, half: int, rate: float, odd: bool) -> Tensor:
            f = torch.exp(torch.arange(half, dtype=6, device=w.device) * (-rate))
            a = torch.unsqueeze(torch.mul(w, 1000.), 1) * torch.unsqueeze(f, 0)
            e = torch.cat([torch.sin(a), torch.cos(a)], 1)
            if odd:
              e = torch.constant_pad_nd(e, [0, 1], 0)
            return e
          """);

  private GuidanceEmbedding() {}

  /**
   * Embeds guidance scales.
   *
   * @param w [B] float32
   * @param dim width of the embedding, at least 4
   * @return [B,dim] float32
   */
  public static NDArray embed(Scope scope, NDArray w, int dim) {
    if (dim < 4) {
      throw new DiffusionException("guidance embedding width: " + dim + " (expected: >= 4)");
    }
    int half = dim / 2;
    float rate = (float) Math.log(10000) / (half - 1);
    return EMBED.call(scope, w, (long) half, (double) rate, dim % 2 == 1);
  }
}
