package io.rglcd.data;

import io.rglcd.data.BadSample.Reason;
import io.rglcd.data.image.RgbImage;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which of the whole samples are wanted. Size and watermark are judged by the json file alone, as
 * the original's {@code WebdatasetFilter} does.
 *
 * @param minSize both sides of the original picture at least, in pixels; 0 for any
 * @param maxWatermark probability of a watermark at most; 1 for any
 * @param maxAspect longer side over shorter side at most; 0 for any
 * @param minCaption characters of a caption at least
 * @param maxCaption characters of a caption at most; 0 for any
 * @param captionMatches what a caption must contain
 * @param captionExcludes what a caption must not contain
 */
public record SampleFilter(
    int minSize,
    double maxWatermark,
    double maxAspect,
    int minCaption,
    int maxCaption,
    Optional<Pattern> captionMatches,
    Optional<Pattern> captionExcludes) {

  /** Lets every sample through. */
  public static final SampleFilter NONE =
      new SampleFilter(0, 1, 0, 0, 0, Optional.empty(), Optional.empty());

  /** Checks the bounds. */
  public SampleFilter {
    require(minSize >= 0, "minSize", minSize, ">= 0");
    require(maxWatermark >= 0 && maxWatermark <= 1, "maxWatermark", maxWatermark, "0 to 1");
    require(maxAspect == 0 || maxAspect >= 1, "maxAspect", maxAspect, "0, or >= 1");
    require(minCaption >= 0, "minCaption", minCaption, ">= 0");
    require(
        maxCaption == 0 || maxCaption >= minCaption,
        "maxCaption",
        maxCaption,
        "0, or >= " + minCaption);
  }

  void check(SampleMetadata metadata) throws UnusableSampleException {
    if (minSize > 0 && !metadata.isAtLeast(minSize)) {
      throw new UnusableSampleException(
          Reason.TOO_SMALL,
          metadata.originalWidth()
              + "x"
              + metadata.originalHeight()
              + " (expected: at least "
              + minSize
              + ")");
    }
    if (maxWatermark < 1 && !metadata.isWatermarkAtMost(maxWatermark)) {
      Reason reason = metadata.lacksWatermark() ? Reason.NO_WATERMARK : Reason.WATERMARK;
      throw new UnusableSampleException(reason, "expected: at most " + maxWatermark);
    }
  }

  void check(RgbImage picture) throws UnusableSampleException {
    double longer = Math.max(picture.width(), picture.height());
    if (maxAspect > 0 && longer > maxAspect * Math.min(picture.width(), picture.height())) {
      throw new UnusableSampleException(
          Reason.ASPECT,
          picture.width() + "x" + picture.height() + " (expected: at most " + maxAspect + " to 1)");
    }
  }

  /** Those of a sample's captions that are wanted, at least one. */
  List<String> wanted(List<String> captions) throws UnusableSampleException {
    List<String> fitting = captions.stream().filter(this::isOfLength).toList();
    if (fitting.isEmpty()) {
      throw new UnusableSampleException(
          Reason.CAPTION_LENGTH, "characters: " + characters(captions.get(0)));
    }
    List<String> wanted = fitting.stream().filter(this::isOfText).toList();
    if (wanted.isEmpty()) {
      throw new UnusableSampleException(Reason.CAPTION_TEXT, fitting.get(0));
    }
    return wanted;
  }

  private boolean isOfLength(String caption) {
    int characters = characters(caption);
    return characters >= minCaption && (maxCaption == 0 || characters <= maxCaption);
  }

  private boolean isOfText(String caption) {
    return captionMatches.map(pattern -> pattern.matcher(caption).find()).orElse(true)
        && captionExcludes.map(pattern -> !pattern.matcher(caption).find()).orElse(true);
  }

  private static int characters(String caption) {
    return caption.codePointCount(0, caption.length());
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new DataException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
