package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.ReductionPlan.Slice;
import io.rglcd.cluster.protocol.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan's vector cut into what one frame carries; each chunk lies within one slice. */
final class Chunks {

  /** Part of the vector and the node that adds it up. */
  record Chunk(Endpoint owner, long offset, int elements) {

    /** The number after its last one. */
    long end() {
      return offset + elements;
    }
  }

  private final Map<Endpoint, List<Chunk>> byOwner = new HashMap<>();
  private final Map<Long, Chunk> byOffset = new HashMap<>();

  Chunks(List<Slice> slices, int chunkElements) {
    for (Slice slice : slices) {
      List<Chunk> chunks = byOwner.computeIfAbsent(slice.owner(), o -> new ArrayList<>());
      long end = slice.start() + slice.length();
      for (long at = slice.start(); at < end; at += chunkElements) {
        Chunk chunk = new Chunk(slice.owner(), at, (int) Math.min(chunkElements, end - at));
        chunks.add(chunk);
        byOffset.put(at, chunk);
      }
    }
  }

  /** What a node adds up, ascending. */
  List<Chunk> of(Endpoint owner) {
    return byOwner.getOrDefault(owner, List.of());
  }

  /** The chunk that a frame is about, if there is one like that. */
  Optional<Chunk> of(FrameHeader frame) {
    return Optional.ofNullable(byOffset.get(frame.offset()))
        .filter(chunk -> chunk.elements() == frame.elements());
  }

  Collection<Chunk> all() {
    return byOffset.values();
  }
}
