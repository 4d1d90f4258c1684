package io.rglcd.cluster.protocol;

/**
 * A member of the training: a worker, or the coordinator's own replica, which follows.
 *
 * @param value unique name, not blank
 */
public record WorkerId(String value) implements Comparable<WorkerId> {

  /** The coordinator's replica: it receives mean gradients and gives none. */
  public static final WorkerId FOLLOWER = new WorkerId("follower");

  /** Checks that there is a name. */
  public WorkerId {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("worker id: blank (expected: a name)");
    }
  }

  /** The worker of a device of this process, from 0. */
  public static WorkerId ofDevice(int device) {
    return new WorkerId(String.format("worker-%03d", device));
  }

  @Override
  public int compareTo(WorkerId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
