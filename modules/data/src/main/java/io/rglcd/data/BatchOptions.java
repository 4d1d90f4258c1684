package io.rglcd.data;

import io.rglcd.data.image.Crop;
import io.rglcd.data.image.Interpolation;
import java.util.Optional;

/**
 * How samples become batches.
 *
 * @param form R of the square pictures, or the shape of precomputed moments
 * @param textForm of the text states that samples hold with their moments; empty where captions are
 *     encoded in training
 * @param interpolation how pictures are resized
 * @param crop where the square is cut
 * @param flipProbability chance of a horizontal flip, 0 to 1; 0 in the official script
 * @param emptyPromptProportion chance that a caption is replaced by the empty one, 0 to 1
 * @param read which samples are read and how
 * @param cacheBytes memory for pictures already decoded and resized, 0 for none; what does not fit
 *     is decoded again
 */
public record BatchOptions(
    SampleForm form,
    Optional<TextForm> textForm,
    Interpolation interpolation,
    Crop crop,
    double flipProbability,
    double emptyPromptProportion,
    ReadOptions read,
    long cacheBytes) {

  /** Checks the bounds. */
  public BatchOptions {
    require(form.height() <= 16_384, "resolution", form.height(), "1 to 16384");
    require(isShare(flipProbability), "flipProbability", flipProbability, "0 to 1");
    require(
        isShare(emptyPromptProportion), "emptyPromptProportion", emptyPromptProportion, "0 to 1");
    require(
        textForm.isEmpty() || form.kind() == SampleForm.Kind.MOMENTS,
        "textForm",
        form.kind(),
        "moments with text states");
    require(cacheBytes >= 0, "cacheBytes", cacheBytes, ">= 0");
  }

  /**
   * What the official script does at a resolution: bilinear, random crop, no flip, every prompt
   * kept.
   */
  public static BatchOptions of(int resolution) {
    require(resolution >= 1, "resolution", resolution, "1 to 16384");
    return new BatchOptions(
        SampleForm.pixels(resolution),
        Optional.empty(),
        Interpolation.BILINEAR,
        Crop.RANDOM,
        0,
        0,
        ReadOptions.DEFAULT,
        0);
  }

  /** The same with moments of latents instead of pictures. */
  public BatchOptions withForm(SampleForm other) {
    return new BatchOptions(
        other,
        textForm,
        interpolation,
        crop,
        flipProbability,
        emptyPromptProportion,
        read,
        cacheBytes);
  }

  /** The same with text states beside the moments. */
  public BatchOptions withTextForm(TextForm other) {
    return new BatchOptions(
        form,
        Optional.of(other),
        interpolation,
        crop,
        flipProbability,
        emptyPromptProportion,
        read,
        cacheBytes);
  }

  /** The same with another interpolation. */
  public BatchOptions withInterpolation(Interpolation other) {
    return new BatchOptions(
        form, textForm, other, crop, flipProbability, emptyPromptProportion, read, cacheBytes);
  }

  /** The same with another crop. */
  public BatchOptions withCrop(Crop newCrop) {
    return new BatchOptions(
        form,
        textForm,
        interpolation,
        newCrop,
        flipProbability,
        emptyPromptProportion,
        read,
        cacheBytes);
  }

  /** The same with another chance of a flip. */
  public BatchOptions withFlipProbability(double probability) {
    return new BatchOptions(
        form, textForm, interpolation, crop, probability, emptyPromptProportion, read, cacheBytes);
  }

  /** The same with another proportion of empty prompts. */
  public BatchOptions withEmptyPromptProportion(double proportion) {
    return new BatchOptions(
        form, textForm, interpolation, crop, flipProbability, proportion, read, cacheBytes);
  }

  /** The same, reading other samples or in another way. */
  public BatchOptions withRead(ReadOptions other) {
    return new BatchOptions(
        form,
        textForm,
        interpolation,
        crop,
        flipProbability,
        emptyPromptProportion,
        other,
        cacheBytes);
  }

  /** The same with another cache size. */
  public BatchOptions withCacheBytes(long bytes) {
    return new BatchOptions(
        form, textForm, interpolation, crop, flipProbability, emptyPromptProportion, read, bytes);
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new DataException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
