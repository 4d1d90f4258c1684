package io.rglcd.cluster.state;

/**
 * What the user and the cluster want of the run.
 *
 * @param stop to end after this step
 * @param pause to wait after this step
 * @param checkpoint to be written after this step
 * @param quorum whether enough coordinators see each other
 */
record Wishes(boolean stop, boolean pause, boolean checkpoint, boolean quorum) {

  static final Wishes NONE = new Wishes(false, false, false, true);

  Wishes withStop() {
    return new Wishes(true, pause, checkpoint, quorum);
  }

  Wishes withPause(boolean wanted) {
    return new Wishes(stop, wanted, checkpoint, quorum);
  }

  Wishes withCheckpoint(boolean wanted) {
    return new Wishes(stop, pause, wanted, quorum);
  }

  Wishes withQuorum(boolean there) {
    return new Wishes(stop, pause, checkpoint, there);
  }

  boolean mayGoOn() {
    return quorum && !pause;
  }
}
