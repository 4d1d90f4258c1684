package io.rglcd.data;

import io.rglcd.data.array.FloatArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The samples of a range, ready for a network.
 *
 * @param range what was asked for
 * @param positions of the B readable samples in the epoch's order, ascending
 * @param form what the values of each sample are
 * @param values [B,...] float32, row-major
 * @param captions B captions, empty where the prompt was dropped on purpose
 * @param textStates [B,T,D] of these captions, with zeros for dropped prompts; empty where samples
 *     hold none
 * @param bad the unreadable samples of the range; with B they make up the range
 */
public record Batch(
    SampleRange range,
    List<Long> positions,
    SampleForm form,
    float[] values,
    List<String> captions,
    Optional<FloatArray> textStates,
    List<BadSample> bad) {

  /** Copies the lists. */
  public Batch {
    positions = List.copyOf(positions);
    captions = List.copyOf(captions);
    bad = List.copyOf(bad);
  }

  /** Number of readable samples, B; may be 0. */
  public int size() {
    return positions.size();
  }

  /** Position to reason of the unreadable samples, as {@link SampleLedger#commit} takes them. */
  public Map<Long, String> unreadable() {
    return bad.stream().collect(Collectors.toMap(BadSample::position, b -> b.reason().text()));
  }
}
