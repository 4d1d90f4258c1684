package io.rglcd.data.shard;

import java.io.IOException;
import java.io.InputStream;

/**
 * One shard that can be read from any offset: a local file, or whatever serves byte ranges. Readers
 * take no more than a bounded buffer of it at a time.
 */
public interface ShardSource {

  /** What messages call it: a path or an address. */
  String name();

  /**
   * Opens the shard's bytes from an offset on; the caller closes the stream.
   *
   * @param offset of the first byte, from 0
   * @throws IOException where the shard cannot be read
   */
  InputStream open(long offset) throws IOException;
}
