package io.rglcd.cli.report;

import io.rglcd.data.DecodedSample;
import io.rglcd.data.image.ImageTransform;
import io.rglcd.data.image.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Samples of shards as a picture: the middle of each, its caption above. */
public final class ContactSheet {

  private ContactSheet() {}

  /**
   * Writes samples in one row.
   *
   * @param samples whose pictures have equal shorter sides
   * @throws OutputException if the file cannot be written
   */
  public static void write(Path file, List<DecodedSample> samples) {
    List<RgbImage> pictures = new ArrayList<>();
    List<String> captions = new ArrayList<>();
    for (DecodedSample sample : samples) {
      pictures.add(ImageTransform.centeredSquare(sample.image()));
      captions.add(sample.captions().get(0));
    }
    SampleGrid.write(file, captions, List.of(new SampleGrid.Row("samples", pictures)));
  }
}
