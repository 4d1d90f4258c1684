package io.rglcd.rewards;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/**
 * What stands between a decoded picture and a reward model; every step is differentiable.
 *
 * <p>Source: torchvision's {@code Resize}, {@code CenterCrop}, {@code Normalize} on tensors;
 * HPSv2's {@code ResizeMaxSize}. Bicubic weights have a = -0.75 without anti-aliasing (what RG-LCD
 * ran, with torchvision 0.16) and a = -0.5 with it; results are not clipped.
 */
public final class ImagePreprocess {

  private static final TorchFunction BICUBIC =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, height: int, width: int, antialias: bool) -> Tensor:
            if antialias:
              y = torch._upsample_bicubic2d_aa(x, [height, width], False, None, None)
            else:
              y = torch.upsample_bicubic2d(x, [height, width], False, None, None)
            return y
          """);

  private static final TorchFunction CROP =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, top: int, left: int, size: int) -> Tensor:
            return torch.narrow(torch.narrow(x, 2, top, size), 3, left, size)
          """);

  private static final TorchFunction PAD =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, left: int, right: int, top: int, bottom: int) -> Tensor:
            return torch.constant_pad_nd(x, [left, right, top, bottom], 0)
          """);

  private static final TorchFunction NORMALIZE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
            return (x - torch.view(mean, [1, -1, 1, 1])) / torch.view(deviation, [1, -1, 1, 1])
          """);

  private ImagePreprocess() {}

  /**
   * Resizes so that the shorter side has that length; returns the image itself where it already
   * has.
   *
   * @param image [B,C,H,W]
   * @param size in pixels
   * @param antialias whether the filter widens when shrinking
   */
  public static NDArray resize(Scope scope, NDArray image, int size, boolean antialias) {
    Shape shape = image.getShape();
    long height = shape.get(2);
    long width = shape.get(3);
    long longer = (long) ((double) size * Math.max(height, width) / Math.min(height, width));
    return bicubic(
        scope, image, height <= width ? size : longer, height <= width ? longer : size, antialias);
  }

  private static NDArray bicubic(
      Scope scope, NDArray image, long height, long width, boolean antialias) {
    Shape shape = image.getShape();
    if (shape.get(2) == height && shape.get(3) == width) {
      return image;
    }
    return BICUBIC.call(scope, image, height, width, antialias);
  }

  /**
   * The square of that size in the middle.
   *
   * @throws IllegalArgumentException if the image is smaller
   */
  public static NDArray centerCrop(Scope scope, NDArray image, int size) {
    Shape shape = image.getShape();
    if (Math.min(shape.get(2), shape.get(3)) < size) {
      throw new IllegalArgumentException(
          "crop size: " + size + " of an image of shape " + shape + " (expected: not more)");
    }
    long top = (long) Math.rint((shape.get(2) - size) / 2.0);
    long left = (long) Math.rint((shape.get(3) - size) / 2.0);
    return CROP.call(scope, image, top, left, (long) size);
  }

  /**
   * Resizes so that the longer side has that length and pads with zeros to a square; an image whose
   * longer side already fits is returned as it is, unpadded, as the original does.
   */
  public static NDArray resizeMaxSize(Scope scope, NDArray image, int size, boolean antialias) {
    Shape shape = image.getShape();
    double scale = (double) size / Math.max(shape.get(2), shape.get(3));
    if (scale == 1) {
      return image;
    }
    long height = (long) Math.rint(shape.get(2) * scale);
    long width = (long) Math.rint(shape.get(3) * scale);
    NDArray resized = bicubic(scope, image, height, width, antialias);
    long padHeight = size - height;
    long padWidth = size - width;
    return PAD.call(
        scope,
        resized,
        padWidth / 2,
        padWidth - padWidth / 2,
        padHeight / 2,
        padHeight - padHeight / 2);
  }

  /**
   * {@code (image - mean) / deviation} by channel.
   *
   * @param statistics one mean and deviation a channel
   */
  public static NDArray normalize(Scope scope, NDArray image, ChannelStatistics statistics) {
    NDArray mean = scope.create(statistics.mean());
    NDArray deviation = scope.create(statistics.deviation());
    return NORMALIZE.call(scope, image, mean, deviation);
  }
}
