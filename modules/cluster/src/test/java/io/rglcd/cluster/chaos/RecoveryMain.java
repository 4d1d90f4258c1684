package io.rglcd.cluster.chaos;

import io.rglcd.cluster.node.NodeProcess;
import io.rglcd.cluster.node.Place;
import io.rglcd.cluster.node.TestCluster;
import io.rglcd.tensor.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@code tools/bench recovery}: how long nothing is committed after a worker, and after the driving
 * coordinator, was killed. Real processes; gradients are sleeps.
 */
public final class RecoveryMain {

  private static final int WORKERS = 4;
  private static final int COORDINATORS = 3;
  private static final long GRADIENT_MILLIS = 500;
  private static final long ENDLESS = 1_000_000;

  private final TestCluster cluster;
  private final CommitClock clock;
  private final Crew crew;

  private RecoveryMain(Path output) {
    List<Place> here = Collections.nCopies(WORKERS, Place.HERE);
    this.cluster = new TestCluster(output, here.subList(0, COORDINATORS), ENDLESS, GRADIENT_MILLIS);
    this.clock = new CommitClock(output.resolve("log"), System::nanoTime);
    this.crew = new Crew(cluster, COORDINATORS, here);
  }

  /** Prints medians. Argument: how often each is killed, 7 by default. */
  public static void main(String[] args) throws Exception {
    Torch.setIntraOpThreads(1);
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
    Path output = Files.createTempDirectory("rglcd-recovery");
    RecoveryMain run = new RecoveryMain(output);
    Runtime.getRuntime().addShutdownHook(new Thread(run.cluster::close));
    run.awaitAll();
    System.out.printf(
        Locale.ROOT,
        "%d coordinators, %d workers, a gradient takes %d ms, acceptable pause %d ms%n",
        COORDINATORS,
        WORKERS,
        GRADIENT_MILLIS,
        TestCluster.ACCEPTABLE_PAUSE.toMillis());
    for (int i = 0; i < rounds; i++) {
      int worker = i % WORKERS;
      run.afterKill(() -> run.crew.killWorker(worker));
      run.crew.startWorker(worker);
      run.awaitAll();
    }
    print("worker", run.clock.recoveries());
    for (int i = 0; i < rounds; i++) {
      int driving = run.driving();
      run.afterKill(() -> run.crew.killCoordinator(driving));
      run.crew.startCoordinator(driving);
      run.awaitAll();
    }
    print("driving coordinator", run.clock.recoveries().subList(rounds, 2 * rounds));
    System.exit(0);
  }

  /** Lets every node be there and some steps pass. */
  private void awaitAll() throws InterruptedException {
    for (int i = 0; i < WORKERS; i++) {
      NodeProcess worker = crew.worker(i);
      worker.await("it computes", () -> worker.says("computed "));
    }
    for (int i = 0; i < COORDINATORS; i++) {
      NodeProcess coordinator = crew.coordinator(i);
      coordinator.await(
          "a member", () -> coordinator.says(" - Welcome from ") || coordinator.says("drives as"));
    }
    long step = cluster.step();
    while (cluster.step() < step + 3) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private void afterKill(Runnable kill) throws InterruptedException {
    int before = clock.recoveries().size();
    clock.killed();
    kill.run();
    while (clock.recoveries().size() == before) {
      TimeUnit.MILLISECONDS.sleep(10);
      clock.look();
    }
  }

  /** The one with the newest term. */
  private int driving() {
    int driving = 0;
    long newest = 0;
    for (int i = 0; i < COORDINATORS; i++) {
      long term =
          crew.coordinator(i)
              .said()
              .lines()
              .filter(line -> line.startsWith("drives as term "))
              .mapToLong(line -> Long.parseLong(line.substring("drives as term ".length())))
              .max()
              .orElse(0);
      if (term > newest) {
        newest = term;
        driving = i;
      }
    }
    return driving;
  }

  private static void print(String killed, List<Duration> recoveries) {
    List<Double> seconds =
        recoveries.stream().map(each -> each.toMillis() / 1000.0).sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%s killed %d times: next commit after %.2f s (median), %.2f to %.2f s%n",
        killed,
        seconds.size(),
        seconds.get(seconds.size() / 2),
        seconds.get(0),
        seconds.get(seconds.size() - 1));
  }
}
