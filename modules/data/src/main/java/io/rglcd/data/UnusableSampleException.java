package io.rglcd.data;

/** Why one sample cannot be used; becomes a {@link BadSample}. */
final class UnusableSampleException extends Exception {

  private static final long serialVersionUID = 1L;

  private final BadSample.Reason reason;

  UnusableSampleException(BadSample.Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  BadSample.Reason reason() {
    return reason;
  }
}
