package io.rglcd.data.pack;

import java.util.List;

/**
 * What came of a shard.
 *
 * @param shard file name
 * @param samples in it
 * @param bytes of their files
 * @param bad what was left out
 */
public record PackedShard(String shard, int samples, long bytes, List<Left> bad) {

  /**
   * A picture that was left out.
   *
   * @param name of the picture
   * @param reason why
   */
  public record Left(String name, String reason) {}

  /** Copies the list. */
  public PackedShard {
    bad = List.copyOf(bad);
  }

  /** The same under another name. */
  public PackedShard named(String other) {
    return new PackedShard(other, samples, bytes, bad);
  }
}
