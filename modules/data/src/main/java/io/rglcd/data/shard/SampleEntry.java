package io.rglcd.data.shard;

import java.util.List;
import java.util.Optional;

/**
 * Where one sample lies in its shard.
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
   * @param name extension in lower case
   * @param offset of its first byte in the shard
   * @param size in bytes
   */
  public record Field(String name, long offset, long size) {}

  /** The first of the preferred fields that the sample has. */
  public Optional<Field> field(List<String> preferred) {
    return preferred.stream()
        .flatMap(name -> fields.stream().filter(field -> field.name().equals(name)))
        .findFirst();
  }
}
