package io.rglcd.cli.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.cli.report.Png;
import io.rglcd.cli.report.SampleGrid;
import io.rglcd.data.image.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tensors of images as rows of a grid. */
final class Pictures {

  private Pictures() {}

  /**
   * A row of pictures.
   *
   * @param images [B,3,H,W] float32 in [0,1]
   */
  static SampleGrid.Row row(String caption, NDArray images) {
    Shape shape = images.getShape();
    int height = (int) shape.get(2);
    int width = (int) shape.get(3);
    int each = 3 * height * width;
    float[] all = images.toFloatArray();
    List<RgbImage> pictures = new ArrayList<>();
    for (int i = 0; i < shape.get(0); i++) {
      float[] one = Arrays.copyOfRange(all, i * each, (i + 1) * each);
      pictures.add(Png.picture(one, width, height));
    }
    return new SampleGrid.Row(caption, pictures);
  }
}
