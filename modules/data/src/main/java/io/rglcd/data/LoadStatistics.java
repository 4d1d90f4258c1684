package io.rglcd.data;

/**
 * What a loader has done so far.
 *
 * @param samples that were asked for
 * @param bad those of them that could not be used
 * @param bytes of files of samples that were read; a sample in memory is not read again
 */
public record LoadStatistics(long samples, long bad, long bytes) {

  /** What was done since then. */
  public LoadStatistics since(LoadStatistics then) {
    return new LoadStatistics(samples - then.samples, bad - then.bad, bytes - then.bytes);
  }
}
