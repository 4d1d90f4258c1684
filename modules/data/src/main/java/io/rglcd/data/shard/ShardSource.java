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

  /**
   * Opens a part of the shard's bytes; the stream may go on behind it where that costs nothing.
   *
   * @param offset of the first byte, from 0
   * @param length how many bytes will be read
   * @throws IOException where the shard cannot be read
   */
  default InputStream open(long offset, long length) throws IOException {
    return open(offset);
  }

  /**
   * What tells its present content from another; empty where nothing does.
   *
   * @throws IOException where the shard cannot be read
   */
  default String version() throws IOException {
    return "";
  }

  /** The same shard as it is now, for one that {@link ShardChangedException} was thrown of. */
  default ShardSource anew() {
    return this;
  }
}
