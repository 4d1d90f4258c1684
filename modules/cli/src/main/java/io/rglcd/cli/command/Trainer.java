package io.rglcd.cli.command;

import io.rglcd.cli.config.TrainConfig;
import java.io.PrintWriter;

/** Trains by a configuration and leaves everything in its output directory. */
@FunctionalInterface
public interface Trainer {

  /**
   * Runs to the end or until it is interrupted.
   *
   * @param out for progress and a summary
   * @return exit code
   */
  int train(TrainConfig config, PrintWriter out);
}
