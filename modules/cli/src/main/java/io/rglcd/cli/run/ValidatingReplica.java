package io.rglcd.cli.run;

import ai.djl.ndarray.NDArray;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.MicroBatch;
import io.rglcd.distill.MicroBatchLosses;
import io.rglcd.distill.Replica;
import io.rglcd.distill.RgLcdReplica;
import io.rglcd.tensor.Scope;
import java.nio.file.Path;
import java.util.List;

/** A replica that shows its state after the steps that are to be shown. */
final class ValidatingReplica implements Replica {

  private final RgLcdReplica replica;
  private final ValidationPictures pictures;

  ValidatingReplica(RgLcdReplica replica, ValidationPictures pictures) {
    this.replica = replica;
    this.pictures = pictures;
  }

  @Override
  public CommitResult commit(NDArray meanGradient) {
    CommitResult result = replica.commit(meanGradient);
    pictures.onCommit(replica.state());
    return result;
  }

  @Override
  public long step() {
    return replica.step();
  }

  @Override
  public long parameterCount() {
    return replica.parameterCount();
  }

  @Override
  public MicroBatchLosses gradient(MicroBatch batch, NDArray gradient) {
    return replica.gradient(batch, gradient);
  }

  @Override
  public String digest() {
    return replica.digest();
  }

  @Override
  public void save(Path directory) {
    replica.save(directory);
  }

  @Override
  public void restore(Path directory) {
    replica.restore(directory);
  }

  @Override
  public List<NDArray> vectors() {
    return replica.vectors();
  }

  @Override
  public void overwritten(long step) {
    replica.overwritten(step);
  }

  @Override
  public NDArray newGradient(Scope scope) {
    return replica.newGradient(scope);
  }

  @Override
  public Scope scope() {
    return replica.scope();
  }

  @Override
  public void close() {
    replica.close();
  }
}
