package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Where a snapshot goes: the bytes of flat tensors, one after the other. */
final class SnapshotRoom {

  /** Numbers that are handed out at a time at most. */
  private static final long MOST = 1 << 18;

  private record Part(long start, long end, VectorBuffer bytes) {}

  private final List<Part> parts = new ArrayList<>();
  private final long size;

  /**
   * Valid while the tensors live.
   *
   * @param vectors [P] float32 each, on the CPU, contiguous
   */
  SnapshotRoom(List<NDArray> vectors) {
    long end = 0;
    for (NDArray vector : vectors) {
      long start = end;
      end += vector.size() * Float.BYTES;
      parts.add(new Part(start, end, new VectorBuffer(vector)));
    }
    this.size = end;
  }

  /** Bytes of all. */
  long size() {
    return size;
  }

  /**
   * Some room from a place on, until a given one at most.
   *
   * @param from of a number's first byte
   */
  ByteBuffer from(long from, long until) {
    Part part = parts.stream().filter(p -> p.end() > from).findFirst().orElseThrow();
    long elements = (Math.min(until, part.end()) - from) / Float.BYTES;
    return part.bytes().of((from - part.start()) / Float.BYTES, (int) Math.min(elements, MOST));
  }
}
