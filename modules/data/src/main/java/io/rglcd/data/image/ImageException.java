package io.rglcd.data.image;

/** The bytes are not a picture that can be used. */
public final class ImageException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why a picture is refused. */
  public enum Kind {
    /** No format that is read. */
    UNSUPPORTED,
    /** More pixels than allowed. */
    TOO_LARGE,
    /** Damaged or cut short. */
    CORRUPT
  }

  private final Kind kind;

  /** With the kind and the reason in one sentence. */
  public ImageException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Why the picture is refused. */
  public Kind kind() {
    return kind;
  }
}
