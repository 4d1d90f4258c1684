package io.rglcd.cluster.node;

/** Checked exceptions out of methods that do not declare them, as Scala code throws them. */
final class Undeclared {

  private Undeclared() {}

  /** Throws it. */
  @SuppressWarnings("unchecked")
  static <T extends Throwable> void fail(Throwable failure) throws T {
    throw (T) failure;
  }
}
