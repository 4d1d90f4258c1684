package io.rglcd.cluster.state;

/** Which rules an event concerns. */
final class CoordinatorRules implements CoordinatorEvent.Rules {

  private final StepRules steps;
  private final MembershipRules members;
  private final SnapshotRules snapshots;
  private final EndingRules ending;
  private final TimeRules time;

  CoordinatorRules(Decision next) {
    this.steps = new StepRules(next);
    this.members = new MembershipRules(next);
    this.snapshots = new SnapshotRules(next);
    this.ending = new EndingRules(next);
    this.time = new TimeRules(next);
  }

  @Override
  public void registered(CoordinatorEvent.Registered event) {
    members.registered(event);
  }

  @Override
  public void gradients(CoordinatorEvent.Gradients event) {
    steps.gradients(event.message());
  }

  @Override
  public void mean(CoordinatorEvent.Mean event) {
    steps.mean(event.message());
  }

  @Override
  public void reductionFailed(CoordinatorEvent.ReductionFailed event) {
    steps.reductionFailed(event.message());
  }

  @Override
  public void applied(CoordinatorEvent.CommitApplied event) {
    steps.applied(event.message());
  }

  @Override
  public void snapshotOffered(CoordinatorEvent.SnapshotOffered event) {
    snapshots.offered(event.message());
  }

  @Override
  public void snapshotFailed(CoordinatorEvent.SnapshotFailed event) {
    snapshots.failed(event.message());
  }

  @Override
  public void restored(CoordinatorEvent.Restored event) {
    members.restored(event.message());
  }

  @Override
  public void failed(CoordinatorEvent.Failed event) {
    members.failed(event.worker(), event.reason());
  }

  @Override
  public void nodeEnded(CoordinatorEvent.NodeEnded event) {
    members.ended(event.node());
  }

  @Override
  public void leaving(CoordinatorEvent.Leaving event) {
    members.leaving(event.worker());
  }

  @Override
  public void checkpointWritten(CoordinatorEvent.CheckpointWritten event) {
    ending.checkpointWritten(event.message());
  }

  @Override
  public void checkpointFailed(CoordinatorEvent.CheckpointFailed event) {
    ending.checkpointFailed(event.message());
  }

  @Override
  public void appended(CoordinatorEvent.Appended event) {
    steps.appended(event.record());
  }

  @Override
  public void appendFailed(CoordinatorEvent.AppendFailed event) {
    ending.appendFailed(event.reason());
  }

  @Override
  public void quorumChanged(CoordinatorEvent.QuorumChanged event) {
    ending.quorumChanged(event.there());
  }

  @Override
  public void stopRequested() {
    ending.stopRequested();
  }

  @Override
  public void pauseRequested(CoordinatorEvent.PauseRequested event) {
    ending.pauseRequested(event.wanted());
  }

  @Override
  public void checkpointRequested() {
    ending.checkpointRequested();
  }

  @Override
  public void ticked() {
    time.ticked();
  }
}
