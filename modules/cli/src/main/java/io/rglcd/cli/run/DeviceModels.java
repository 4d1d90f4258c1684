package io.rglcd.cli.run;

import io.rglcd.cli.config.TrainConfig;
import io.rglcd.distill.FrozenModels;
import io.rglcd.distill.RgLcdReplica;
import io.rglcd.distill.Student;
import io.rglcd.rewards.ClipReward;
import java.util.Optional;

/**
 * What all replicas of one device share; all of it is on that device.
 *
 * @param models the teacher's
 * @param reward the configured one, if the run has one
 * @param student before training
 */
record DeviceModels(FrozenModels models, Optional<ClipReward> reward, Student student) {

  /**
   * A replica at the initial state; to be made on the thread that will own it.
   *
   * @param steps of the run
   */
  RgLcdReplica replica(TrainConfig config, long steps) {
    return new RgLcdReplica(
        models,
        reward.map(model -> model),
        student.net(),
        student.weights(),
        config.objective().options(config.reward()),
        config.optimizer().options(config.training(), steps),
        config.training().seed());
  }
}
