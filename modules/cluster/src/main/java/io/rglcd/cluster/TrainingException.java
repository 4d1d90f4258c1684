package io.rglcd.cluster;

/** A run cannot start or cannot go on. */
public sealed class TrainingException extends RuntimeException
    permits TermOverException, OtherRunException {

  private static final long serialVersionUID = 1L;

  /** With the reason in one sentence. */
  public TrainingException(String message) {
    super(message);
  }

  /** With the reason in one sentence and its cause. */
  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
