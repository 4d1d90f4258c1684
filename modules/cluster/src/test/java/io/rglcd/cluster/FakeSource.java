package io.rglcd.cluster;

import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.data.SampleRange;
import io.rglcd.distill.BatchImages;
import io.rglcd.distill.BatchPrompts;
import io.rglcd.distill.MicroBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Samples made of their numbers. */
public final class FakeSource {

  private FakeSource() {}

  /** The samples of a range, but those that cannot be read. */
  public static LoadedRange load(SampleRange range, Set<Long> unreadable) {
    List<Long> ids = new ArrayList<>();
    List<UnreadableSample> bad = new ArrayList<>();
    for (long at = range.start(); at < range.end(); at++) {
      if (unreadable.contains(at)) {
        bad.add(new UnreadableSample(at, "picture corrupt"));
      } else {
        ids.add(at);
      }
    }
    if (ids.isEmpty()) {
      return new LoadedRange(range, Optional.empty(), bad);
    }
    float[] pixels = new float[3 * ids.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Math.sin(range.epoch() * 31.0 + ids.get(i / 3) * 7.0 + i % 3);
    }
    List<String> captions = ids.stream().map(id -> "sample " + id).toList();
    return new LoadedRange(
        range,
        Optional.of(
            new MicroBatch(
                range.epoch(), ids, new BatchImages.Pixels(pixels, 1), captions, tokens(ids))),
        bad);
  }

  private static BatchPrompts tokens(List<Long> ids) {
    return new BatchPrompts.Tokens(ids.stream().mapToLong(Long::longValue).toArray(), 1);
  }
}
