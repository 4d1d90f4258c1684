package io.rglcd.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.protocol.MicroBatchWeight;
import io.rglcd.data.SampleRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Numbers in place of tensors: a gradient depends on the state and the samples, a mean on the
 * gradients in order, the next state on the state and the mean. All replicas of a step must hold
 * one number, the one of a run that nothing disturbs.
 */
final class Truth {

  private final Map<Long, Long> digests = new HashMap<>();

  Truth() {
    digests.put(0L, 1L);
  }

  static long gradient(long digest, SampleRange range) {
    return mix(digest, Objects.hash(range.epoch(), range.start(), range.count()));
  }

  static long mean(List<MicroBatchWeight> weights, Map<Integer, Long> gradients) {
    long sum = 17;
    for (MicroBatchWeight weight : weights) {
      sum = mix(sum, gradients.get(weight.index()) * weight.samples());
    }
    return sum;
  }

  static long applied(long digest, long mean) {
    return mix(digest, mean);
  }

  private static long mix(long a, long b) {
    long x = (a ^ (b + 0x9E3779B97F4A7C15L)) * 0xBF58476D1CE4E5B9L;
    return x ^ (x >>> 29);
  }

  /** Notes what a replica holds at a step, or compares it. */
  void check(String who, long step, long digest) {
    Long known = digests.putIfAbsent(step, digest);
    if (known != null) {
      assertThat(digest).as("EqualDigestAtEqualStep: %s at step %s", who, step).isEqualTo(known);
    }
  }
}
