package io.rglcd.data;

import io.rglcd.data.BadSample.Reason;
import io.rglcd.data.array.FloatArray;
import io.rglcd.data.image.ImageException;
import io.rglcd.data.image.Interpolation;
import io.rglcd.data.image.PillowResize;
import io.rglcd.data.image.RgbImage;
import io.rglcd.data.image.Size;
import io.rglcd.data.shard.SampleEntry;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one sample as the original's pipeline does. Every file that has a decoder is decoded, used
 * or not, and a broken one drops the sample. Of several pictures or captions the original's order
 * of preference decides. Thread-safe.
 */
public final class SampleReader {

  /** Names of pictures, the preferred one first. */
  public static final List<String> IMAGES = List.of("jpg", "png", "jpeg", "webp");

  /** Names of captions, the preferred one first. */
  public static final List<String> CAPTIONS = List.of("text", "txt", "caption");

  /** Names of latents, the preferred one first; of an archive its first array counts. */
  public static final List<String> LATENTS = List.of("npy", "npz");

  /** Name of the text states of all captions. */
  public static final String TEXT_STATES = "prompt_embeds.npy";

  /** Name of the metadata. */
  public static final String METADATA = "json";

  private final ReadOptions options;
  private final SampleForm form;
  private final Optional<TextForm> textForm;
  private final Interpolation interpolation;
  private final boolean keepsResized;
  private final FileDecoder files;

  /** A reader of samples for batches. */
  public SampleReader(BatchOptions options) {
    this.options = options.read();
    this.form = options.form();
    this.textForm = options.textForm();
    this.interpolation = options.interpolation();
    this.keepsResized = options.cacheBytes() > 0;
    this.files = new FileDecoder(options.read());
  }

  /**
   * What batches are made of: latents or a picture, which is resized already if it will be kept for
   * other crops.
   *
   * @throws UnusableSampleException where the sample is broken, incomplete or not wanted
   */
  ReadSample readForBatch(SampleEntry sample) throws UnusableSampleException {
    if (form.kind() == SampleForm.Kind.MOMENTS) {
      return readLatents(sample);
    }
    DecodedSample whole = readUnresized(sample);
    Size size = resizedSize(whole.image());
    return keepsResized ? resized(whole, size) : whole;
  }

  /**
   * The sample's picture, its shorter side at the resolution, and its captions.
   *
   * @throws UnusableSampleException where the sample is broken, incomplete or not wanted
   */
  public DecodedSample read(SampleEntry sample) throws UnusableSampleException {
    DecodedSample whole = readUnresized(sample);
    return resized(whole, resizedSize(whole.image()));
  }

  /**
   * The sample's picture as it is, and its captions.
   *
   * @throws UnusableSampleException where the sample is broken, incomplete or not wanted
   */
  public DecodedSample readUnresized(SampleEntry sample) throws UnusableSampleException {
    Map<String, FileContent> contents = new HashMap<>();
    Optional<List<String>> captions = wantedCaptions(sample, contents);
    decode(sample, contents, true);
    SampleEntry.Field image =
        sample.field(IMAGES).orElseThrow(() -> incomplete(sample, Reason.NO_IMAGE));
    List<String> texts = captions.orElseThrow(() -> incomplete(sample, Reason.NO_CAPTION));
    RgbImage picture = ((FileContent.Picture) contents.get(image.name())).image();
    options.filter().check(picture);
    return new DecodedSample(picture, texts);
  }

  /**
   * The sample's precomputed latents and captions, as the original reads them where it works on
   * latents, and the captions' precomputed states where the options ask for them. Pictures are not
   * looked at.
   *
   * @throws UnusableSampleException where the sample is broken, incomplete or not wanted
   */
  public LatentSample readLatents(SampleEntry sample) throws UnusableSampleException {
    Map<String, FileContent> contents = new HashMap<>();
    Optional<List<String>> captions = wantedCaptions(sample, contents);
    SampleEntry.Field latents =
        sample.field(LATENTS).orElseThrow(() -> incomplete(sample, Reason.NO_LATENTS));
    List<String> texts = captions.orElseThrow(() -> incomplete(sample, Reason.NO_CAPTION));
    FloatArray moments = ((FileContent.Arrays) contents.get(latents.name())).arrays().get(0);
    if (!moments.shape().equals(form.shape())) {
      throw new UnusableSampleException(
          Reason.LATENTS_SHAPE, "shape " + moments.shape() + " (expected: " + form.shape() + ")");
    }
    return new LatentSample(moments, texts, textStates(sample, contents, texts.size()));
  }

  private Optional<FloatArray> textStates(
      SampleEntry sample, Map<String, FileContent> contents, int captions)
      throws UnusableSampleException {
    if (textForm.isEmpty()) {
      return Optional.empty();
    }
    if (!(contents.get(TEXT_STATES) instanceof FileContent.Arrays file)) {
      throw incomplete(sample, Reason.NO_TEXT_STATES);
    }
    FloatArray states = file.arrays().get(0);
    List<Integer> expected = textForm.get().shape(captions);
    if (!states.shape().equals(expected)) {
      throw new UnusableSampleException(
          Reason.TEXT_STATES_SHAPE, "shape " + states.shape() + " (expected: " + expected + ")");
    }
    return Optional.of(states);
  }

  /** Whether a file is decoded as a picture. */
  public static boolean isPicture(SampleEntry.Field field) {
    return FileDecoder.kind(field) == FileKind.PICTURE;
  }

  /** Decodes all but pictures, and asks the filter. */
  private Optional<List<String>> wantedCaptions(
      SampleEntry sample, Map<String, FileContent> contents) throws UnusableSampleException {
    decode(sample, contents, false);
    SampleMetadata metadata =
        contents.get(METADATA) instanceof FileContent.Json json
            ? json.metadata()
            : SampleMetadata.NONE;
    options.filter().check(metadata);
    Optional<List<String>> captions = captions(sample, contents, metadata);
    return captions.isPresent()
        ? Optional.of(options.filter().wanted(captions.get()))
        : Optional.empty();
  }

  /** Pictures cost most, so they come last. */
  private void decode(SampleEntry sample, Map<String, FileContent> contents, boolean pictures)
      throws UnusableSampleException {
    for (SampleEntry.Field field : sample.fields()) {
      boolean read = FileDecoder.decodes(field) || CAPTIONS.contains(field.name());
      if (read && isPicture(field) == pictures) {
        contents.put(field.name(), files.decode(field));
      }
    }
  }

  private Optional<List<String>> captions(
      SampleEntry sample, Map<String, FileContent> contents, SampleMetadata metadata) {
    if (!options.captionField().isEmpty()) {
      return metadata.texts(options.captionField());
    }
    return sample.field(CAPTIONS).map(field -> List.of(caption(contents.get(field.name()))));
  }

  /** The original has no decoder for {@code .caption} files, so bytes that are no text are kept. */
  private static String caption(FileContent content) {
    return content instanceof FileContent.Text text
        ? text.text()
        : new String(((FileContent.Bytes) content).bytes(), StandardCharsets.UTF_8);
  }

  private Size resizedSize(RgbImage picture) throws UnusableSampleException {
    try {
      return Size.of(picture).withShorterSide(form.height(), options.maxPixels());
    } catch (ImageException e) {
      throw FileDecoder.unusable(e);
    }
  }

  private DecodedSample resized(DecodedSample whole, Size size) {
    return new DecodedSample(
        PillowResize.resize(whole.image(), size.width(), size.height(), interpolation),
        whole.captions());
  }

  private static UnusableSampleException incomplete(SampleEntry sample, Reason reason) {
    List<String> found = sample.fields().stream().map(SampleEntry.Field::name).toList();
    return new UnusableSampleException(reason, "files: " + String.join(", ", found));
  }
}
