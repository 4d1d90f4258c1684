package io.rglcd.data.array;

/** The bytes are no array of numbers. */
public final class ArrayException extends Exception {

  private static final long serialVersionUID = 1L;

  ArrayException(String message) {
    super(message);
  }
}
