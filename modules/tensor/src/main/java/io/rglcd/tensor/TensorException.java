package io.rglcd.tensor;

/** The engine or a tensor file refused: wrong shape, wrong type, unreadable content. */
public class TensorException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the reason in one sentence. */
  public TensorException(String message) {
    super(message);
  }

  /** With the reason in one sentence and its cause. */
  public TensorException(String message, Throwable cause) {
    super(message, cause);
  }
}
