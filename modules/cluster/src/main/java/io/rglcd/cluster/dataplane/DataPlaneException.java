package io.rglcd.cluster.dataplane;

/** What the data plane cannot do, in one sentence. */
public final class DataPlaneException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A failure with its reason. */
  public DataPlaneException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public DataPlaneException(String message, Throwable cause) {
    super(message, cause);
  }
}
