package io.rglcd.cluster.actor;

import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.TrainingResult;
import java.util.Optional;

/**
 * How a run ended: with a result or with a reason.
 *
 * @param result where it ended well
 * @param failure where it did not
 */
record RunOutcome(Optional<TrainingResult> result, Optional<TrainingException> failure) {

  static RunOutcome of(TrainingResult result) {
    return new RunOutcome(Optional.of(result), Optional.empty());
  }

  static RunOutcome of(TrainingException failure) {
    return new RunOutcome(Optional.empty(), Optional.of(failure));
  }

  String sentence() {
    return result
        .map(
            r ->
                (r.stopped() ? "the run was stopped after step " : "the run is complete with step ")
                    + r.step()
                    + ", checkpoint "
                    + r.checkpoint())
        .or(() -> failure.map(TrainingException::getMessage))
        .orElse("the run has ended");
  }
}
