package io.rglcd.cli.report;

import java.io.IOException;

/** Something cannot be written; the message names the place and the reason. */
public final class OutputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the sentence for the user. */
  public OutputException(String message) {
    super(message);
  }

  /** With the sentence for the user and what led to it. */
  public OutputException(String message, RuntimeException cause) {
    super(message, cause);
  }

  /** For a place that cannot be written. */
  public OutputException(String what, IOException cause) {
    super(what + ": cannot be written, " + reason(cause), cause);
  }

  private static String reason(IOException cause) {
    return cause instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : cause.getClass().getSimpleName() + " " + cause.getMessage();
  }
}
