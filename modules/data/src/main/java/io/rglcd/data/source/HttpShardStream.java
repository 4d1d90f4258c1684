package io.rglcd.data.source;

import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes of a shard from an offset on, whatever happens to connections. They are asked for in
 * windows: small at first and after a leap, twice as large each time the reader goes on, as a
 * disk's read-ahead does. A leap over more than is worth reading asks anew from behind it. For one
 * thread.
 */
final class HttpShardStream extends InputStream {

  private static final long FIRST_WINDOW = 64L << 10;

  /**
   * Java's client loses what has come of an answer when its connection breaks, so: small answers.
   */
  private static final long WINDOW_AFTER_FAILURE = 4L << 10;

  private static final long LARGEST_WINDOW = 128L << 20;

  /** What comes within the time of a request and its answer on most lines. */
  private static final long WORTH_READING = 256L << 10;

  private final HttpShard shard;
  private final long end;
  private final Retries retries;
  private final Patience patience;
  private final byte[] single = new byte[1];
  private long position;
  private long window;
  private long windowEnd;
  private BodyQueue body;

  /**
   * A stream that asks for nothing yet.
   *
   * @param end that is not read over, exclusive; it is asked for at once where it is known
   */
  HttpShardStream(HttpShard shard, long position, long end) {
    this.shard = shard;
    this.position = position;
    this.end = end;
    this.window = end == Long.MAX_VALUE ? FIRST_WINDOW : LARGEST_WINDOW;
    this.retries = shard.fetcher().retries(shard.name());
    this.patience = shard.fetcher().patience();
  }

  @Override
  public int read() throws IOException {
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (position < Math.min(end, shard.sizeBound())) {
      try {
        int count = readOnce(into, offset, length);
        if (count > 0) {
          return count;
        }
      } catch (HttpFailure e) {
        abandon();
        window = WINDOW_AFTER_FAILURE;
        retries.failed(e);
      }
    }
    return -1;
  }

  @Override
  public long skip(long count) throws IOException {
    if (body != null && count <= Math.max(WORTH_READING, windowEnd - position - 1)) {
      return super.skip(count);
    }
    long target = Math.min(position + Math.max(0, count), Math.min(end, shard.sizeBound()));
    long skipped = target - position;
    if (skipped > 0) {
      close();
      position = target;
      window = FIRST_WINDOW;
    }
    return skipped;
  }

  @Override
  public void close() {
    if (body != null && windowEnd - position <= FIRST_WINDOW) {
      body.drain();
    } else if (body != null) {
      body.cancel();
    }
    body = null;
  }

  private void abandon() {
    if (body != null) {
      body.cancel();
      body = null;
    }
  }

  private int readOnce(byte[] into, int offset, int length) throws IOException {
    if (body == null) {
      ask();
      if (body == null) {
        return 0;
      }
    }
    int most = (int) Math.min(length, windowEnd - position);
    int count = body.read(into, offset, most, patience);
    if (count < 0) {
      throw HttpFailure.passing("the answer ended early");
    }
    position += count;
    patience.gained(count);
    retries.gained(count);
    if (position == windowEnd) {
      body = null;
    }
    return count;
  }

  private void ask() throws IOException {
    patience.renew();
    long to = Math.min(position + window, Math.min(end, shard.sizeBound()));
    HttpReply reply = shard.get(position, to);
    body = reply.body();
    windowEnd = reply.end();
    window = Math.min(LARGEST_WINDOW, 2 * window);
  }
}
