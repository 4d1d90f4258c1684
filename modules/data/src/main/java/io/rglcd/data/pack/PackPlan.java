package io.rglcd.data.pack;

import io.rglcd.data.DataException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Which picture comes into which shard: decided by the list of pictures and their sizes alone, so
 * that shards can be written in any order, by any number of threads, and again.
 *
 * @param shards pictures of each shard
 */
public record PackPlan(List<List<PackItem>> shards) {

  /**
   * Cuts a list.
   *
   * @param maxCount pictures of a shard at most
   * @param maxBytes of the picture files of a shard at most; a larger file has one for itself
   * @throws DataException if one of them is less than 1
   */
  public static PackPlan of(List<PackItem> items, int maxCount, long maxBytes) {
    if (maxCount < 1 || maxBytes < 1) {
      throw new DataException(
          "shards of " + maxCount + " samples and " + maxBytes + " bytes (expected: at least 1)");
    }
    List<List<PackItem>> shards = new ArrayList<>();
    int start = 0;
    long bytes = 0;
    for (int i = 0; i < items.size(); i++) {
      long size = items.get(i).bytes();
      if (i > start && (i - start == maxCount || bytes + size > maxBytes)) {
        shards.add(items.subList(start, i));
        start = i;
        bytes = 0;
      }
      bytes += size;
    }
    shards.add(items.subList(start, items.size()));
    return new PackPlan(shards);
  }

  /** Number of the first picture of a shard. */
  public long first(int shard) {
    return shards.subList(0, shard).stream().mapToLong(List::size).sum();
  }

  /** Tells one plan from another: a checksum of names, sizes and captions in their order. */
  public String digest() {
    CRC32C checksum = new CRC32C();
    for (List<PackItem> shard : shards) {
      for (PackItem item : shard) {
        String text = item.name() + "\n" + item.bytes() + "\n" + caption(item) + "\n";
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
      }
      checksum.update(0);
    }
    return String.format("%08x", checksum.getValue());
  }

  private static String caption(PackItem item) {
    return item.caption() instanceof PackItem.Caption.Text text ? text.text() : "";
  }
}
