package io.rglcd.cluster;

import io.rglcd.cluster.protocol.Term;

/** Another coordinator has claimed a newer term: this one's word does not count any more. */
public final class TermOverException extends TrainingException {

  private static final long serialVersionUID = 1L;

  /** Of a term that was followed by another. */
  public TermOverException(Term ours, long newest) {
    super("term " + ours + " is over: a coordinator of term " + newest + " has taken over");
  }
}
