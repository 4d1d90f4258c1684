package io.rglcd.data;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rglcd.data.BadSample.Reason;
import io.rglcd.data.image.ImageDecoder;
import io.rglcd.data.image.ImageException;
import io.rglcd.data.image.ImageTransform;
import io.rglcd.data.image.RgbImage;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Reads one sample: picture, caption, and the json file, which is not used but must be whole, as in
 * the original, where a sample with any undecodable file is dropped. Of several pictures or
 * captions the original's order of preference decides. Thread-safe.
 */
final class SampleReader {

  private static final List<String> IMAGES = List.of("jpg", "png", "jpeg", "webp");
  private static final List<String> CAPTIONS = List.of("text", "txt", "caption");
  private static final List<String> METADATA = List.of("json");
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final BatchOptions options;
  private final ImageDecoder decoder;

  SampleReader(BatchOptions options) {
    this.options = options;
    this.decoder = new ImageDecoder(options.maxPixels());
  }

  DecodedSample read(ShardIndex shard, SampleEntry sample) throws UnusableSampleException {
    SampleEntry.Field image = field(sample, IMAGES, Reason.NO_IMAGE);
    SampleEntry.Field caption = field(sample, CAPTIONS, Reason.NO_CAPTION);
    Optional<SampleEntry.Field> metadata = sample.field(METADATA);
    if (metadata.isPresent()) {
      requireJson(bytes(shard, metadata.get()));
    }
    String text = utf8(bytes(shard, caption));
    return new DecodedSample(picture(bytes(shard, image)), text);
  }

  private RgbImage picture(byte[] bytes) throws UnusableSampleException {
    try {
      return ImageTransform.resizeShorterSide(
          decoder.decode(bytes),
          options.resolution(),
          options.interpolation(),
          options.maxPixels());
    } catch (ImageException e) {
      Reason reason =
          switch (e.kind()) {
            case UNSUPPORTED -> Reason.IMAGE_UNSUPPORTED;
            case TOO_LARGE -> Reason.IMAGE_TOO_LARGE;
            case CORRUPT -> Reason.IMAGE_CORRUPT;
          };
      throw new UnusableSampleException(reason, e.getMessage());
    }
  }

  private static SampleEntry.Field field(SampleEntry sample, List<String> names, Reason otherwise)
      throws UnusableSampleException {
    Optional<SampleEntry.Field> field = sample.field(names);
    if (field.isEmpty()) {
      List<String> found = sample.fields().stream().map(SampleEntry.Field::name).toList();
      throw new UnusableSampleException(otherwise, "files: " + String.join(", ", found));
    }
    return field.get();
  }

  private byte[] bytes(ShardIndex shard, SampleEntry.Field field) throws UnusableSampleException {
    if (field.size() > options.maxEntryBytes()) {
      throw new UnusableSampleException(
          Reason.ENTRY_TOO_LARGE,
          field.name()
              + " of "
              + field.size()
              + " bytes (expected: at most "
              + options.maxEntryBytes()
              + ")");
    }
    try {
      return shard.read(field);
    } catch (IOException e) {
      throw new UnusableSampleException(Reason.UNREADABLE, String.valueOf(e.getMessage()));
    }
  }

  private static String utf8(byte[] bytes) throws UnusableSampleException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UnusableSampleException(Reason.CAPTION_CORRUPT, e.getMessage());
    }
  }

  private static void requireJson(byte[] bytes) throws UnusableSampleException {
    try {
      if (JSON.readTree(bytes).isMissingNode()) {
        throw new UnusableSampleException(Reason.METADATA_CORRUPT, "the file is empty");
      }
    } catch (IOException e) {
      throw new UnusableSampleException(Reason.METADATA_CORRUPT, "the text cannot be parsed");
    }
  }
}
