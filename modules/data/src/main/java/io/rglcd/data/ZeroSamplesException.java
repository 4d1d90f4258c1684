package io.rglcd.data;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Not one sample can be used; the message counts why. */
public final class ZeroSamplesException extends DataException {

  private static final long serialVersionUID = 1L;

  private final TreeMap<String, Long> reasons;

  /**
   * With what was looked at and how often each reason was met.
   *
   * @param what the shards or the epoch, for the message
   * @param reasons reason to number of samples, or of shards where no sample was found
   */
  public ZeroSamplesException(String what, Map<String, Long> reasons) {
    super("no usable sample in " + what + " (" + describe(reasons) + ")");
    this.reasons = new TreeMap<>(reasons);
  }

  /** Reason to number of times, by name. */
  public Map<String, Long> reasons() {
    return new TreeMap<>(reasons);
  }

  private static String describe(Map<String, Long> reasons) {
    if (reasons.isEmpty()) {
      return "the shards hold no files";
    }
    return new TreeMap<>(reasons)
        .entrySet().stream()
            .map(e -> e.getValue() + " x " + e.getKey())
            .collect(Collectors.joining(", "));
  }
}
