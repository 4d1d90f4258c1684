package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;

/**
 * Halving and doubling of feature maps, as diffusers' {@code Downsample2D} and {@code Upsample2D}.
 */
final class Resampling {

  private static final TorchFunction DOWN =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor, b: Tensor, padding: int) -> Tensor:
            return torch.conv2d(x, w, b, [2, 2], [padding, padding])
          """);

  /** Without padding of its own, the original pads a row and a column at the bottom and right. */
  private static final TorchFunction DOWN_BOTTOM_RIGHT =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
            return torch.conv2d(torch.constant_pad_nd(x, [0, 1, 0, 1], 0), w, b, [2, 2])
          """);

  private static final TorchFunction UP =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor, b: Tensor, height: int, width: int) -> Tensor:
            y = torch.upsample_nearest2d(x, [height, width])
            return torch.conv2d(y, w, b, [1, 1], [1, 1])
          """);

  private Resampling() {}

  /** Strided 3x3 convolution; a padding of 0 means the bottom and right only. */
  static NDArray down(Scope scope, Weights conv, NDArray x, int padding) {
    NDArray weight = conv.get("weight");
    NDArray bias = conv.get("bias");
    return padding == 0
        ? DOWN_BOTTOM_RIGHT.call(scope, x, weight, bias)
        : DOWN.call(scope, x, weight, bias, (long) padding);
  }

  /** Nearest neighbour to the given size, then a 3x3 convolution. */
  static NDArray up(Scope scope, Weights conv, NDArray x, long height, long width) {
    return UP.call(scope, x, conv.get("weight"), conv.get("bias"), height, width);
  }
}
