package io.rglcd.data;

import io.rglcd.data.BadSample.Reason;
import io.rglcd.data.array.ArrayException;
import io.rglcd.data.array.NpyFile;
import io.rglcd.data.array.NpzFile;
import io.rglcd.data.image.ImageDecoder;
import io.rglcd.data.image.ImageException;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardChangedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Reads and decodes single files of samples, within bounds. Thread-safe. */
final class FileDecoder {

  private static final String GZIPPED = ".gz";
  private static final Pattern INTEGER =
      Pattern.compile("[ \\t\\n\\x0b\\f\\r]*[+-]?\\d+(?:_\\d+)*[ \\t\\n\\x0b\\f\\r]*");

  private final long maxBytes;
  private final ImageDecoder images;

  FileDecoder(ReadOptions options) {
    this.maxBytes = options.maxEntryBytes();
    this.images = new ImageDecoder(options.maxPixels());
  }

  /** What a file is decoded to, by its name. */
  static FileKind kind(SampleEntry.Field field) {
    return FileKind.of(withoutGzip(field.name()));
  }

  /** Whether the original looks into such a file, and so drops the sample if it is broken. */
  static boolean decodes(SampleEntry.Field field) {
    return kind(field) != FileKind.BYTES || field.name().endsWith(GZIPPED);
  }

  /** The file's content, decoded by its name. */
  FileContent decode(SampleEntry.Field field) throws UnusableSampleException {
    byte[] bytes = bytes(field);
    return switch (kind(field)) {
      case PICTURE -> picture(bytes);
      case TEXT -> new FileContent.Text(text(bytes));
      case JSON -> new FileContent.Json(metadata(bytes));
      case INTEGER -> integer(field, bytes);
      case NPY, NPZ -> arrays(field, bytes);
      case BYTES -> new FileContent.Bytes(bytes);
    };
  }

  private byte[] bytes(SampleEntry.Field field) throws UnusableSampleException {
    if (field.size() > maxBytes) {
      throw tooLarge(field, field.size() + " bytes");
    }
    byte[] bytes;
    try {
      bytes = field.read();
    } catch (ShardChangedException e) {
      throw new ChangedShardException(e.getMessage());
    } catch (IOException e) {
      throw new UnusableSampleException(Reason.UNREADABLE, String.valueOf(e.getMessage()));
    }
    return field.name().endsWith(GZIPPED) ? unzipped(field, bytes) : bytes;
  }

  private byte[] unzipped(SampleEntry.Field field, byte[] bytes) throws UnusableSampleException {
    byte[] content;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      content = in.readNBytes((int) maxBytes + 1);
    } catch (IOException e) {
      throw new UnusableSampleException(Reason.FILE_CORRUPT, field.name() + ": " + e.getMessage());
    }
    if (content.length > maxBytes) {
      throw tooLarge(field, "more bytes unpacked");
    }
    return content;
  }

  private UnusableSampleException tooLarge(SampleEntry.Field field, String size) {
    return new UnusableSampleException(
        Reason.ENTRY_TOO_LARGE,
        field.name() + " of " + size + " (expected: at most " + maxBytes + ")");
  }

  private FileContent picture(byte[] bytes) throws UnusableSampleException {
    try {
      return new FileContent.Picture(images.decode(bytes));
    } catch (ImageException e) {
      throw unusable(e);
    }
  }

  static UnusableSampleException unusable(ImageException e) {
    Reason reason =
        switch (e.kind()) {
          case UNSUPPORTED -> Reason.IMAGE_UNSUPPORTED;
          case TOO_LARGE -> Reason.IMAGE_TOO_LARGE;
          case CORRUPT -> Reason.IMAGE_CORRUPT;
        };
    return new UnusableSampleException(reason, e.getMessage());
  }

  private static String text(byte[] bytes) throws UnusableSampleException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UnusableSampleException(Reason.CAPTION_CORRUPT, e.getMessage());
    }
  }

  private static SampleMetadata metadata(byte[] bytes) throws UnusableSampleException {
    try {
      return SampleMetadata.parse(bytes);
    } catch (IOException e) {
      throw new UnusableSampleException(Reason.METADATA_CORRUPT, "the text cannot be parsed");
    }
  }

  private static FileContent integer(SampleEntry.Field field, byte[] bytes)
      throws UnusableSampleException {
    String digits = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!INTEGER.matcher(digits).matches()) {
      throw new UnusableSampleException(Reason.FILE_CORRUPT, field.name() + " is no number");
    }
    return new FileContent.Bytes(bytes);
  }

  private FileContent arrays(SampleEntry.Field field, byte[] bytes) throws UnusableSampleException {
    try {
      return new FileContent.Arrays(
          kind(field) == FileKind.NPY
              ? List.of(NpyFile.parse(bytes))
              : NpzFile.parse(bytes, maxBytes));
    } catch (ArrayException e) {
      throw new UnusableSampleException(Reason.FILE_CORRUPT, field.name() + ": " + e.getMessage());
    }
  }

  private static String withoutGzip(String name) {
    return name.endsWith(GZIPPED) ? name.substring(0, name.length() - GZIPPED.length()) : name;
  }
}
