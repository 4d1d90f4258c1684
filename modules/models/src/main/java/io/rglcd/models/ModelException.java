package io.rglcd.models;

/** A model's files or configuration cannot be used; the message says what to change. */
public class ModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the reason in one sentence. */
  public ModelException(String message) {
    super(message);
  }

  /** With the reason in one sentence and its cause. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
