package io.rglcd.tensor.safetensors;

import io.rglcd.tensor.TensorException;

/** A safetensors file cannot be read or written; the message names the file and the offence. */
public final class SafetensorsException extends TensorException {

  private static final long serialVersionUID = 1L;

  /** With the reason in one sentence. */
  public SafetensorsException(String message) {
    super(message);
  }

  /** With the reason in one sentence and its cause. */
  public SafetensorsException(String message, Throwable cause) {
    super(message, cause);
  }
}
