package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.Staging.Room;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What has arrived for the chunks that this node adds up. Chunks become complete in any order; a
 * sender that is too far ahead of the others has to wait, which bounds the memory. Thread-safe.
 */
final class Sums {

  /** Chunks that a sender may be ahead of the first incomplete one. */
  private static final int WINDOW = 8;

  private static final long QUIET_MILLIS = 1000;

  private final Map<Long, Map<Integer, Room>> arrived = new HashMap<>();
  private final Map<Long, Integer> left = new HashMap<>();
  private final TreeSet<Long> incomplete = new TreeSet<>();
  private final long window;
  private boolean ended;

  /**
   * Nothing has arrived.
   *
   * @param expected arrivals for each chunk
   */
  Sums(List<Chunk> own, int chunkElements, int expected) {
    window = (long) WINDOW * chunkElements;
    for (Chunk chunk : own) {
      incomplete.add(chunk.offset());
      left.put(chunk.offset(), expected);
    }
  }

  /** Waits until a chunk is near enough to the first incomplete one; false if it is all over. */
  synchronized boolean awaitWindow(Chunk chunk) throws InterruptedException {
    while (!ended && !incomplete.isEmpty() && chunk.offset() - incomplete.first() > window) {
      wait(QUIET_MILLIS);
    }
    return !ended;
  }

  /**
   * Keeps a contribution.
   *
   * @return whether the chunk is complete, so that the caller has to add it
   */
  synchronized boolean arrived(Chunk chunk, int index, Room frame) {
    arrived.computeIfAbsent(chunk.offset(), o -> new HashMap<>()).put(index, frame);
    return counted(chunk);
  }

  /** What this node holds itself can be added now; as {@link #arrived}. */
  synchronized boolean counted(Chunk chunk) {
    return left.merge(chunk.offset(), -1, Integer::sum) == 0 && !ended;
  }

  /** Whether nothing like that has arrived yet. */
  synchronized boolean expects(Chunk chunk, int index) {
    return left.getOrDefault(chunk.offset(), 0) > 0
        && !arrived.getOrDefault(chunk.offset(), Map.of()).containsKey(index);
  }

  /** What has arrived for a complete chunk; it is the caller's now. */
  synchronized Map<Integer, Room> take(Chunk chunk) {
    Map<Integer, Room> parts = arrived.remove(chunk.offset());
    return parts == null ? Map.of() : parts;
  }

  /** A chunk is added up. */
  synchronized void added(Chunk chunk) {
    incomplete.remove(chunk.offset());
    notifyAll();
  }

  /** Nobody waits or adds any longer. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** What has arrived and will not be added, once nobody adds to it. */
  synchronized List<Room> unused() {
    List<Room> unused = new ArrayList<>();
    arrived.values().forEach(parts -> unused.addAll(parts.values()));
    arrived.clear();
    return unused;
  }
}
