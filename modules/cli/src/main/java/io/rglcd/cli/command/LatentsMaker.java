package io.rglcd.cli.command;

import java.io.PrintWriter;

/** Encodes pictures ahead of training. */
@FunctionalInterface
public interface LatentsMaker {

  /**
   * Writes the shards that are not there yet.
   *
   * @param out for words on progress
   * @throws RuntimeException saying in one sentence what cannot be used
   */
  void make(LatentsRequest request, PrintWriter out);
}
