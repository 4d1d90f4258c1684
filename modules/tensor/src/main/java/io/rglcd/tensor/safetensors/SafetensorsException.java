package io.rglcd.tensor.safetensors;

import io.rglcd.tensor.TensorException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

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

  /** An input-output error in words for a user. */
  static String reason(IOException error) {
    if (error instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (error instanceof AccessDeniedException) {
      return "permission denied";
    }
    return String.valueOf(error.getMessage());
  }
}
