package io.rglcd.cluster;

import io.rglcd.cluster.state.RunLimits;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A run.
 *
 * @param limits the numbers that decide how it goes
 * @param samples number of samples of an epoch, readable or not
 * @param output directory of checkpoints; made if missing
 * @param resume checkpoint to go on from
 * @param identity what must be equal for a checkpoint to be resumed (seed, configuration), by name
 * @param loadParallelism ranges loaded at a time
 */
public record TrainingSettings(
    RunLimits limits,
    long samples,
    Path output,
    Optional<Path> resume,
    Map<String, String> identity,
    int loadParallelism) {

  /** Copies the map and checks the bounds. */
  public TrainingSettings {
    identity = Map.copyOf(new TreeMap<>(identity));
    if (samples < 1) {
      throw new IllegalArgumentException("samples: " + samples + " (expected: >= 1)");
    }
    if (loadParallelism < 1) {
      throw new IllegalArgumentException(
          "loadParallelism: " + loadParallelism + " (expected: >= 1)");
    }
  }

  /** A new run with two ranges loaded at a time. */
  public static TrainingSettings of(
      RunLimits limits, long samples, Path output, Map<String, String> identity) {
    return new TrainingSettings(limits, samples, output, Optional.empty(), identity, 2);
  }

  /** The same run with another number of ranges loaded at a time. */
  public TrainingSettings withLoadParallelism(int ranges) {
    return new TrainingSettings(limits, samples, output, resume, identity, ranges);
  }

  /** The same run, going on from a checkpoint. */
  public TrainingSettings resumedFrom(Path checkpoint) {
    return new TrainingSettings(
        limits, samples, output, Optional.of(checkpoint), identity, loadParallelism);
  }
}
