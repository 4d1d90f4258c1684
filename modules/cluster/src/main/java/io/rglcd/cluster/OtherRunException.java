package io.rglcd.cluster;

/** A directory has the checkpoints of a run with another configuration. */
public final class OtherRunException extends TrainingException {

  private static final long serialVersionUID = 1L;

  /** With the reason in one sentence. */
  public OtherRunException(String message) {
    super(message);
  }
}
