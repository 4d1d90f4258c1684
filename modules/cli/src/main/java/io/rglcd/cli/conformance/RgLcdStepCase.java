package io.rglcd.cli.conformance;

import io.rglcd.tensor.Scope;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Consecutive training iterations: every variable of the loop body, gradients, and the weights of
 * student and EMA target after the optimiser. One run for each weight decay.
 */
final class RgLcdStepCase implements CaseRunner {

  private static final Pattern RUN = Pattern.compile("(wd\\d+)\\..*");

  @Override
  public String kind() {
    return "rglcd_step";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    Set<String> runs = new TreeSet<>();
    for (String tensor : comparison.awaited()) {
      Matcher matcher = RUN.matcher(tensor);
      if (matcher.matches()) {
        runs.add(matcher.group(1));
      }
    }
    try (Scope scope = Scope.open()) {
      StepNetworks networks = StepNetworks.open(scope, directory);
      runs.forEach(run -> new StepRun(directory, comparison, networks, run).run());
    }
  }
}
