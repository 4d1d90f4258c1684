package io.rglcd.cluster.dataplane;

/**
 * A snapshot that has arrived.
 *
 * @param bytes of all
 * @param seconds it took
 */
public record SnapshotResult(long bytes, double seconds) {

  /** Bytes a second. */
  public double rate() {
    return bytes / seconds;
  }
}
