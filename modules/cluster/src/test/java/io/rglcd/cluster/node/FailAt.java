package io.rglcd.cluster.node;

import io.rglcd.cluster.FaultyReplica;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.MicroBatch;
import io.rglcd.distill.MicroBatchLosses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a node of a test fails: exactly there its process ends like that of kill -9, or waits until
 * it is told to go on.
 *
 * <pre>
 * halt:reduce:7    ends when its part of step 7's reduction has begun
 * halt:claim:+2    ends when it has claimed the log for the second time
 * hold:append:7    waits before it appends step 7
 * </pre>
 */
final class FailAt implements FaultyReplica.Fault {

  /** What a node has just done, or is about to do. */
  enum Phase {
    /** A gradient is computed and not yet told. */
    COMPUTE,
    /** A part in a reduction has begun. */
    REDUCE,
    /** The mean is here and nobody knows. */
    GATHER,
    /** The mean is about to be applied. */
    APPLY,
    /** The log is claimed and nobody knows. */
    CLAIM,
    /** The coordinator waits for this step's gradients. */
    PLANNED,
    /** A commit is about to be appended. */
    APPEND,
    /** A commit is appended and nobody knows. */
    APPENDED,
    /** A snapshot is offered and nobody knows. */
    OFFER,
    /** A snapshot is about to be fetched. */
    FETCH,
    /** A snapshot is being fetched. */
    FETCHING
  }

  /** How a halted process ends: as one that kill -9 has ended. */
  static final int HALTED = 137;

  private static final String NEVER = "halt:compute:0";

  private final boolean hold;
  private final Phase phase;
  private final Optional<Long> step;
  private final int count;
  private final Path goOn;
  private final AtomicInteger passed = new AtomicInteger();

  private FailAt(boolean hold, Phase phase, Optional<Long> step, int count, Path goOn) {
    this.hold = hold;
    this.phase = phase;
    this.step = step;
    this.count = count;
    this.goOn = goOn;
  }

  /**
   * Where a node fails.
   *
   * @param text as above; nowhere if empty
   * @param goOn file that lets it go on when it is made
   */
  static FailAt parse(Optional<String> text, Path goOn) {
    String[] parts = text.orElse(NEVER).split(":", -1);
    boolean counts = parts[2].startsWith("+");
    long number = Long.parseLong(parts[2]);
    return new FailAt(
        parts[0].equals("hold"),
        Phase.valueOf(parts[1].toUpperCase(java.util.Locale.ROOT)),
        counts ? Optional.empty() : Optional.of(number),
        counts ? (int) number : 1,
        goOn);
  }

  /** The node has come to a phase of a step. */
  void pass(Phase now, long at) {
    if (now != phase || step.filter(s -> s != at).isPresent()) {
      return;
    }
    if (passed.incrementAndGet() != count) {
      return;
    }
    System.out.println("fails at " + phase + " of " + at);
    if (hold) {
      NodeProcess.awaitThat(goOn + " made", () -> Files.exists(goOn));
    } else {
      Runtime.getRuntime().halt(HALTED);
    }
  }

  @Override
  public MicroBatchLosses at(
      WorkerId member, long atStep, MicroBatch batch, MicroBatchLosses losses) {
    pass(Phase.COMPUTE, atStep);
    return losses;
  }

  @Override
  public void beforeCommit(long atStep) {
    pass(Phase.APPLY, atStep);
  }
}
