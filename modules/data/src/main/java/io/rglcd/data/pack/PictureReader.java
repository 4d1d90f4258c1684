package io.rglcd.data.pack;

import io.rglcd.data.BadSample;
import io.rglcd.data.BatchOptions;
import io.rglcd.data.DecodedSample;
import io.rglcd.data.SampleReader;
import io.rglcd.data.SquareCrops;
import io.rglcd.data.UnusableSampleException;
import io.rglcd.data.shard.SampleEntry;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads samples to make others of them. Thread-safe. */
public final class PictureReader {

  /**
   * What came of a sample.
   *
   * @param picture empty where it cannot be used
   * @param failure why not, in the words of reports
   */
  public record Read(Optional<SquarePicture> picture, Optional<String> failure) {

    private static Read failed(BadSample.Reason reason) {
      return new Read(Optional.empty(), Optional.of(reason.text()));
    }
  }

  private final SampleReader reader;
  private final SquareCrops crops;
  private final BatchOptions options;

  /**
   * A reader of pictures.
   *
   * @param seed of random crops
   */
  public PictureReader(BatchOptions options, long seed) {
    this.options = options;
    this.reader = new SampleReader(options);
    this.crops = new SquareCrops(options, seed);
  }

  /**
   * Reads a sample.
   *
   * @param number of the sample in the data set, which a random crop depends on
   */
  public Read read(SampleEntry sample, long number) {
    try {
      DecodedSample decoded = reader.read(sample);
      float[] pixels = new float[options.form().size()];
      crops.cut(decoded.image(), 0, number, pixels, 0);
      return new Read(
          Optional.of(new SquarePicture(sample.key(), pixels, decoded.captions(), others(sample))),
          Optional.empty());
    } catch (UnusableSampleException e) {
      return Read.failed(e.reason());
    } catch (IOException e) {
      return Read.failed(BadSample.Reason.UNREADABLE);
    }
  }

  private static Map<String, byte[]> others(SampleEntry sample) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (SampleEntry.Field field : sample.fields()) {
      if (!SampleReader.isPicture(field)) {
        files.put(field.name(), field.read());
      }
    }
    return files;
  }
}
