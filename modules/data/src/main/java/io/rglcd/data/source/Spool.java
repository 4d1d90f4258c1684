package io.rglcd.data.source;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Bounds how many shards have copies: those used last. Thread-safe. */
public final class Spool {

  private final int copies;
  private final LinkedHashSet<SpooledShard> lately = new LinkedHashSet<>();

  /**
   * An empty one.
   *
   * @param copies at most, at least 1
   */
  public Spool(int copies) {
    this.copies = copies;
  }

  /** A shard is about to be read; the one that was not read for longest may lose its copy. */
  void used(SpooledShard shard) {
    touched(shard).forEach(SpooledShard::drop);
  }

  private synchronized List<SpooledShard> touched(SpooledShard shard) {
    lately.remove(shard);
    lately.add(shard);
    List<SpooledShard> beyond = new ArrayList<>();
    while (lately.size() > copies) {
      SpooledShard eldest = lately.iterator().next();
      lately.remove(eldest);
      beyond.add(eldest);
    }
    return beyond;
  }
}
