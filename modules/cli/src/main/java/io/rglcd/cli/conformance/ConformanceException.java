package io.rglcd.cli.conformance;

/** A case that cannot be run; the message is one sentence that names what is wrong with it. */
public final class ConformanceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Without a cause. */
  public ConformanceException(String message) {
    super(message);
  }

  /** With a cause. */
  public ConformanceException(String message, Throwable cause) {
    super(message, cause);
  }
}
