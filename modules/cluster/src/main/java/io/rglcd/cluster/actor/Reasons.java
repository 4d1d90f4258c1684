package io.rglcd.cluster.actor;

import java.util.concurrent.CompletionException;

/** Failures in one sentence. */
public final class Reasons {

  private Reasons() {}

  /** What a failure says, or at least what kind it is. */
  public static String of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
