package io.rglcd.cli.command;

import io.rglcd.cli.config.TrainConfig;
import java.io.PrintWriter;

/** Runs a node until it ends. */
@FunctionalInterface
public interface NodeStarter {

  /**
   * Runs a node.
   *
   * @return the exit code
   */
  int run(TrainConfig config, NodeRequest request, PrintWriter out);
}
