package io.rglcd.data.shard;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Where one sample lies.
 *
 * @param key of the sample, unique in a well-made shard
 * @param fields its files in the order of the archive, no extension twice
 */
public record SampleEntry(String key, List<Field> fields) {

  /** Copies the list. */
  public SampleEntry {
    fields = List.copyOf(fields);
  }

  /**
   * One file of a sample.
   *
   * @param shard that holds it; those of one sample may be in neighbouring shards
   * @param name extension in lower case
   * @param offset of its first byte in the shard
   * @param size in bytes
   */
  public record Field(ShardSource shard, String name, long offset, long size) {

    /**
     * Its bytes.
     *
     * @throws IOException where the shard cannot be read or has become shorter
     */
    public byte[] read() throws IOException {
      try (InputStream in = shard.open(offset, size)) {
        byte[] bytes = in.readNBytes(Math.toIntExact(size));
        if (bytes.length < size) {
          throw new TarException("the shard has become shorter while it was used");
        }
        return bytes;
      }
    }
  }

  /** The first of the preferred fields that the sample has. */
  public Optional<Field> field(List<String> preferred) {
    return preferred.stream()
        .flatMap(name -> fields.stream().filter(field -> field.name().equals(name)))
        .findFirst();
  }
}
