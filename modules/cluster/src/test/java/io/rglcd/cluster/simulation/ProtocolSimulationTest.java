package io.rglcd.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.state.Patience;
import io.rglcd.cluster.state.RunLimits;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProtocolSimulationTest {

  private static final Patience PATIENCE =
      new Patience(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          3);
  private static final Chaos BAD = new Chaos(20, 0.05, 0.1, 0.05, 0.6, 0.3, 0.2);

  private static RunLimits limits(int workers, int minWorkers, int microBatches, int donors) {
    return new RunLimits(
        workers,
        minWorkers,
        2,
        microBatches,
        12,
        4,
        1,
        1_000_000,
        donors,
        PATIENCE,
        RunLimits.LOAD_AHEAD);
  }

  @Property(tries = 200)
  void calmRunEndsAndComputesNothingTwice(
      @ForAll @IntRange(min = 1, max = 5) int workers,
      @ForAll @IntRange(min = 1, max = 6) int microBatches,
      @ForAll @IntRange(min = 40, max = 90) int samples,
      @ForAll long seed) {
    Simulation run =
        new Simulation(
            limits(workers, 1, microBatches, 1), 1, samples, Chaos.NONE, Mutant.NONE, seed);
    run.run();
    assertThat(run.log.step().value()).isEqualTo(12);
  }

  @Property(tries = 1500)
  void whateverHappensTheInvariantsHoldAndTheRunEnds(
      @ForAll @IntRange(min = 1, max = 5) int workers,
      @ForAll @IntRange(min = 1, max = 3) int minWorkers,
      @ForAll @IntRange(min = 1, max = 5) int microBatches,
      @ForAll @IntRange(min = 1, max = 3) int coordinators,
      @ForAll @IntRange(min = 1, max = 3) int donors,
      @ForAll @DoubleRange(min = 0, max = 0.2) double drop,
      @ForAll @DoubleRange(min = 0, max = 0.2) double twice,
      @ForAll @DoubleRange(min = 0, max = 1.5) double crashes,
      @ForAll @DoubleRange(min = 0, max = 0.5) double cuts,
      @ForAll @DoubleRange(min = 0, max = 0.5) double takeovers,
      @ForAll long seed) {
    Chaos chaos = new Chaos(15, drop, twice, 0.05, crashes, cuts, takeovers);
    Simulation run =
        new Simulation(
            limits(workers, Math.min(workers, minWorkers), microBatches, donors),
            coordinators,
            60,
            chaos,
            Mutant.NONE,
            seed);
    run.run();
    assertThat(run.log.step().value()).isEqualTo(12);
  }

  /** The worker that was to write it is lost, which nobody had noticed in this phase once. */
  @Test
  void theLastCheckpointIsWrittenByAnotherIfItsWriterIsLost() {
    Chaos chaos = new Chaos(15, 0.11, 0.18, 0.05, 1.18, 0.0, 0.21);
    Simulation run = new Simulation(limits(4, 2, 2, 1), 3, 60, chaos, Mutant.NONE, 1086);
    run.run();
    assertThat(run.log.step().value()).isEqualTo(12);
  }

  @ParameterizedTest
  @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void plantedBugIsFound(Mutant mutant) {
    String found = "";
    for (long seed = 0; seed < 500 && found.isEmpty(); seed++) {
      try {
        new Simulation(limits(4, 2, 4, 2), 3, 60, BAD, mutant, seed).run();
      } catch (AssertionError | RuntimeException e) {
        found = e.getMessage();
      }
    }
    assertThat(found).as("what 500 schedules say of %s", mutant).isNotEmpty();
    System.out.println(mutant + ": " + found.lines().limit(2).toList());
  }
}
