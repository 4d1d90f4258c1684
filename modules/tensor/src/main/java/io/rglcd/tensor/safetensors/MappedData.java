package io.rglcd.tensor.safetensors;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The bytes of a file, mapped read-only in windows that overlap, since one buffer ends at 2 GiB:
 * any range of at most {@link #maxRange} bytes lies whole in the window it begins in.
 *
 * <p>The JVM unmaps a window when nothing refers to it any more, and native tensors do not count.
 * {@link #pin} therefore ties a window to the root manager of the scope that reads.
 */
final class MappedData {

  private final FileChannel channel;
  private final long length;
  private final long maxRange;
  private final Map<Long, Window> windows = new HashMap<>();

  /** Over that file of that length; maxRange is a multiple of 8 and at most 1 GiB. */
  MappedData(FileChannel channel, long length, long maxRange) {
    this.channel = channel;
    this.length = length;
    this.maxRange = maxRange;
  }

  /** The longest range that {@link #range} gives. A multiple of every element's size. */
  long maxRange() {
    return maxRange;
  }

  /**
   * A direct buffer over those bytes of the file; little endian.
   *
   * @throws IOException if mapping fails
   */
  synchronized ByteBuffer range(NDManager pinnedTo, long begin, long end) throws IOException {
    long index = begin / maxRange;
    Window window = windows.get(index);
    if (window == null) {
      window = map(index * maxRange);
      windows.put(index, window);
    }
    pin(pinnedTo, window);
    int from = Math.toIntExact(begin - index * maxRange);
    return window.buffer().slice(from, Math.toIntExact(end - begin)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Window map(long begin) throws IOException {
    long size = Math.min(2 * maxRange - 8, length - begin);
    return new Window(
        "mapped-" + UUID.randomUUID(), channel.map(FileChannel.MapMode.READ_ONLY, begin, size));
  }

  private static void pin(NDManager manager, Window window) {
    NDManager root = manager;
    while (!(root.getParentManager() instanceof NDManager.SystemNDManager)) {
      root = root.getParentManager();
    }
    root.attachInternal(window.id(), window);
  }

  /** Reachable from a manager until that closes. */
  private record Window(String id, ByteBuffer buffer) implements AutoCloseable {

    /** Only lets go: the JVM unmaps when the last reference is gone. */
    @Override
    public void close() {}
  }
}
