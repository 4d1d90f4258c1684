package io.rglcd.starter;

/** The embedded starter cannot be unpacked; the message is one sentence for the user. */
public final class StarterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a cause. */
  public StarterException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Without a cause. */
  public StarterException(String message) {
    super(message);
  }
}
