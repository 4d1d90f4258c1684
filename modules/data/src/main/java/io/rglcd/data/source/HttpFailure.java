package io.rglcd.data.source;

import java.io.IOException;
import java.time.Duration;

/** Why one attempt failed. */
final class HttpFailure extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean lasting;
  private final Duration retryAfter;

  private HttpFailure(String message, boolean lasting, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.lasting = lasting;
    this.retryAfter = retryAfter;
  }

  /** One that another attempt may not meet. */
  static HttpFailure passing(String message, Throwable cause) {
    return new HttpFailure(message, false, Duration.ZERO, cause);
  }

  /** One that another attempt may not meet, seen in an answer. */
  static HttpFailure passing(String message) {
    return passing(message, Duration.ZERO);
  }

  /** A passing one for which the server asks for a pause. */
  static HttpFailure passing(String message, Duration retryAfter) {
    return new HttpFailure(message, false, retryAfter, null);
  }

  /** One that every attempt would meet. */
  static HttpFailure lasting(String message, Throwable cause) {
    return new HttpFailure(message, true, Duration.ZERO, cause);
  }

  /** One that every attempt would meet, seen in an answer. */
  static HttpFailure lasting(String message) {
    return lasting(message, null);
  }

  boolean isLasting() {
    return lasting;
  }

  /** The least pause before another attempt. */
  Duration retryAfter() {
    return retryAfter;
  }
}
