package io.rglcd.cluster.actor;

/** Failures in one sentence. */
final class Reasons {

  private Reasons() {}

  static String of(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
