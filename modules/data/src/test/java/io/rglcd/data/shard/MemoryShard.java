package io.rglcd.data.shard;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A shard in memory. */
record MemoryShard(String name, byte[] bytes) implements ShardSource {

  @Override
  public InputStream open(long offset) {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    in.skip(offset);
    return in;
  }
}
