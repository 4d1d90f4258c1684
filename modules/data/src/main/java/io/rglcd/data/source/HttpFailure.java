package io.rglcd.data.source;

import java.io.IOException;
import java.time.Duration;

/** Why one attempt failed. */
final class HttpFailure extends IOException {

  /** What another attempt would meet. */
  enum Kind {
    /** Perhaps something better. */
    PASSING,
    /** The same. */
    LASTING,
    /** The same, for there is no shard. */
    MISSING
  }

  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final Duration retryAfter;

  private HttpFailure(String message, Kind kind, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** One that another attempt may not meet. */
  static HttpFailure passing(String message, Throwable cause) {
    return new HttpFailure(message, Kind.PASSING, Duration.ZERO, cause);
  }

  /** One that another attempt may not meet, seen in an answer. */
  static HttpFailure passing(String message) {
    return passing(message, Duration.ZERO);
  }

  /** A passing one for which the server asks for a pause. */
  static HttpFailure passing(String message, Duration retryAfter) {
    return new HttpFailure(message, Kind.PASSING, retryAfter, null);
  }

  /** One that every attempt would meet. */
  static HttpFailure lasting(String message, Throwable cause) {
    return new HttpFailure(message, Kind.LASTING, Duration.ZERO, cause);
  }

  /** There is nothing at the address. */
  static HttpFailure missing(String message) {
    return new HttpFailure(message, Kind.MISSING, Duration.ZERO, null);
  }

  /** One that every attempt would meet, seen in an answer. */
  static HttpFailure lasting(String message) {
    return lasting(message, null);
  }

  Kind kind() {
    return kind;
  }

  /** The least pause before another attempt. */
  Duration retryAfter() {
    return retryAfter;
  }
}
