package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Memory for chunks on their way, used again and again. Thread-safe. */
final class Staging {

  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private final int bytes;

  /**
   * Room for chunks.
   *
   * @param bytes of one, as it travels
   */
  Staging(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Room for one chunk.
   *
   * @param length its bytes
   */
  ByteBuffer take(int length) {
    ByteBuffer room = poll();
    return (room == null ? ByteBuffer.allocateDirect(bytes) : room).clear().limit(length);
  }

  private synchronized ByteBuffer poll() {
    return free.poll();
  }

  synchronized void give(ByteBuffer room) {
    free.push(room);
  }
}
