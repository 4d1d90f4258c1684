package io.rglcd.data.pack;

import io.rglcd.data.BadSample.Reason;
import io.rglcd.data.image.ImageDecoder;
import io.rglcd.data.image.ImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the shards of a plan; pictures that training could not use are left out. Thread-safe. */
public final class ShardPacker {

  /** Why a picture was left out. */
  private static final class Unusable extends Exception {

    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
      super(reason);
    }
  }

  private final ImageDecoder images = new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS);

  /**
   * Writes a shard.
   *
   * @param first number of its first picture: keys are numbers of nine digits
   * @throws io.rglcd.data.DataException naming the file if it cannot be written
   */
  public PackedShard write(List<PackItem> items, long first, Path target) {
    List<PackedShard.Left> bad = new ArrayList<>();
    try (ShardWriter writer = ShardWriter.create(target)) {
      for (int i = 0; i < items.size(); i++) {
        PackItem item = items.get(i);
        try {
          writer.write(String.format("%09d", first + i), files(item));
        } catch (Unusable e) {
          bad.add(new PackedShard.Left(item.name(), e.getMessage()));
        }
      }
      writer.finish();
      return new PackedShard(
          target.getFileName().toString(), items.size() - bad.size(), writer.bytes(), bad);
    }
  }

  private Map<String, byte[]> files(PackItem item) throws Unusable {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] picture = read(item.picture(), Reason.NO_IMAGE);
    try {
      images.decode(picture);
    } catch (ImageException e) {
      throw new Unusable(e.getMessage());
    }
    files.put(PackItems.extension(item.picture()), picture);
    files.put("txt", caption(item.caption()));
    if (item.metadata().isPresent()) {
      files.put("json", read(item.metadata().get(), Reason.METADATA_CORRUPT));
    }
    return files;
  }

  private static byte[] caption(PackItem.Caption caption) throws Unusable {
    if (caption instanceof PackItem.Caption.Text text) {
      return text.text().getBytes(StandardCharsets.UTF_8);
    }
    byte[] bytes = read(((PackItem.Caption.File) caption).path(), Reason.NO_CAPTION);
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return bytes;
    } catch (CharacterCodingException e) {
      throw new Unusable(Reason.CAPTION_CORRUPT.text());
    }
  }

  private static byte[] read(Path file, Reason missing) throws Unusable {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new Unusable(missing.text());
    } catch (IOException e) {
      throw new Unusable(file.getFileName() + " cannot be read: " + e.getMessage());
    }
  }
}
