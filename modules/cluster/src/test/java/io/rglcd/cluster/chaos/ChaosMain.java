package io.rglcd.cluster.chaos;

import io.rglcd.cluster.network.Namespaces;
import io.rglcd.cluster.node.FakeRun;
import io.rglcd.tensor.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code tools/chaos}: a run under faults, and a verdict on it. */
public final class ChaosMain {

  private static final String USAGE =
      "usage: tools/chaos [--minutes T] [--nodes N] [--seed S]   (T >= 1, N >= 5)";

  private ChaosMain() {}

  /** Exits with 0 only if all is well. */
  public static void main(String[] args) throws Exception {
    Map<String, Long> options = new HashMap<>(Map.of("--minutes", 1L, "--nodes", 6L));
    options.put("--seed", System.nanoTime() & 0xffff);
    if (!read(args, options)) {
      System.err.println(USAGE);
      System.exit(2);
    }
    Path folder = Files.createTempDirectory("rglcd-chaos");
    System.out.println("seed " + options.get("--seed") + ", files in " + folder);
    Verdict verdict =
        run(
            folder,
            Duration.ofMinutes(options.get("--minutes")),
            options.get("--nodes").intValue(),
            options.get("--seed"),
            System.out::println);
    System.out.print(verdict.text());
    System.exit(verdict.isWell() ? 0 : 1);
  }

  private static boolean read(String[] args, Map<String, Long> options) {
    for (int i = 0; i < args.length; i += 2) {
      if (!options.containsKey(args[i]) || i + 1 == args.length || !isNumber(args[i + 1])) {
        return false;
      }
      options.put(args[i], Long.valueOf(args[i + 1]));
    }
    return options.get("--minutes") >= 1 && options.get("--nodes") > ChaosRun.COORDINATORS + 1;
  }

  private static boolean isNumber(String text) {
    return text.matches("\\d{1,9}");
  }

  /** Runs for about so long and judges. */
  static Verdict run(Path folder, Duration length, int nodes, long seed, Consumer<String> out)
      throws Exception {
    Torch.setIntraOpThreads(1);
    long steps = ChaosRun.stepsFor(length);
    Path undisturbed = FakeRun.undisturbed(folder.resolve("undisturbed"), steps).checkpoint();
    Optional<String> obstacle = Namespaces.obstacle();
    obstacle.ifPresent(why -> out.accept("the network is not cut: " + why));
    Optional<Namespaces> network =
        obstacle.isPresent() ? Optional.empty() : Optional.of(Namespaces.open(nodes));
    Schedule schedule =
        Schedule.of(
            seed,
            length,
            nodes - ChaosRun.COORDINATORS,
            ChaosRun.COORDINATORS,
            network.isPresent());
    try (ChaosRun run = new ChaosRun(folder.resolve("run"), nodes, steps, network, out)) {
      Runtime.getRuntime().addShutdownHook(new Thread(run::close));
      return run.run(schedule, undisturbed);
    } finally {
      network.ifPresent(Namespaces::close);
    }
  }
}
