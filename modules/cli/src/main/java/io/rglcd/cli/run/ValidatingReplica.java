package io.rglcd.cli.run;

import ai.djl.ndarray.NDArray;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.ForwardingReplica;
import io.rglcd.distill.RgLcdReplica;

/**
 * A replica that shows its state after the steps that are to be shown.
 *
 * @param replica the learner
 * @param pictures what shows it
 */
record ValidatingReplica(RgLcdReplica replica, ValidationPictures pictures)
    implements ForwardingReplica {

  @Override
  public CommitResult commit(NDArray meanGradient) {
    CommitResult result = replica.commit(meanGradient);
    pictures.onCommit(replica.state());
    return result;
  }
}
