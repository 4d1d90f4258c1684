package io.rglcd.cli.command;

import java.io.PrintWriter;

/** Makes pictures with a model. */
@FunctionalInterface
public interface Sampler {

  /**
   * Makes one picture a prompt and writes them as a grid.
   *
   * @param out for one line that says what was written
   * @return exit code
   */
  int sample(SampleRequest request, PrintWriter out);
}
