package io.rglcd.cluster.actor;

/** Tells supervision to make a new coordinator. */
final class StartOverException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StartOverException(String reason) {
    super(reason);
  }
}
