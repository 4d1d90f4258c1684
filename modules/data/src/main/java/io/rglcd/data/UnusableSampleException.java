package io.rglcd.data;

/** Why one sample cannot be used; becomes a {@link BadSample}. */
public class UnusableSampleException extends Exception {

  private static final long serialVersionUID = 1L;

  private final BadSample.Reason reason;

  /** With the reason and what exactly was found. */
  public UnusableSampleException(BadSample.Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  /** What kind of fault it is. */
  public BadSample.Reason reason() {
    return reason;
  }
}
