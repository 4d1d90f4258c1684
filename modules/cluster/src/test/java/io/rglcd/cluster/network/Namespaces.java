package io.rglcd.cluster.network;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rglcd.cluster.node.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Machines of their own as far as the network is concerned: Linux network namespaces, each joined
 * by a cable to one of two bridges in a further one. Machines at different bridges do not see each
 * other.
 *
 * <p>Each namespace is held by a process that ends when its input does, and so with this process,
 * however that ends; with it go its interfaces. Needs no privilege where users may make namespaces
 * of their own.
 */
public final class Namespaces implements AutoCloseable {

  private static final String MAIN = "main";
  private static final String ISLAND = "island";

  /** Where a packet filter loads a random number from: SKF_AD_OFF + SKF_AD_RANDOM. */
  private static final long RANDOM = (1L << 32) - 0x1000 + 56;

  private static final int PASS = 0;
  private static final int DROP = 2;

  private final List<Process> holders = new ArrayList<>();
  private final Process hub;

  private Namespaces(int machines) {
    hub = hold(List.of("unshare", "--user", "--map-root-user", "--net", "cat"));
    for (String bridge : List.of(MAIN, ISLAND)) {
      run(enter(hub), "ip", "link", "add", bridge, "type", "bridge");
      run(enter(hub), "ip", "link", "set", bridge, "up");
    }
    for (int machine = 0; machine < machines; machine++) {
      Process holder =
          hold(
              List.of(
                  "nsenter",
                  "--target=" + hub.pid(),
                  "--user",
                  "--preserve-credentials",
                  "unshare",
                  "--net",
                  "cat"));
      String end = cable(machine);
      String peer = Long.toString(holder.pid());
      run(
          enter(hub),
          ("ip link add " + end + " type veth peer name eth0 netns " + peer).split(" ", -1));
      run(enter(hub), "ip", "link", "set", end, "master", MAIN, "up");
      run(enter(holder), "ip", "link", "set", "lo", "up");
      run(enter(holder), "ip", "addr", "add", address(machine) + "/24", "dev", "eth0");
      run(enter(holder), "ip", "link", "set", "eth0", "up");
    }
  }

  /**
   * Makes machines that all see each other; the test is skipped where that is not allowed.
   *
   * @param machines how many
   */
  public static Namespaces open(int machines) {
    Optional<String> obstacle = obstacle();
    assumeTrue(obstacle.isEmpty(), () -> obstacle.orElseThrow());
    return new Namespaces(machines);
  }

  /** Why there can be none here, in a sentence. */
  public static Optional<String> obstacle() {
    if (!Stream.of("unshare", "nsenter", "ip").allMatch(Namespaces::isInstalled)) {
      return Optional.of("network namespaces need the programs unshare, nsenter and ip");
    }
    String refusal = refusal(List.of("unshare", "--user", "--map-root-user", "--net", "true"));
    return refusal.isEmpty()
        ? Optional.empty()
        : Optional.of("this user may not make network namespaces here: " + refusal);
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** The address of a machine, from 0. */
  private static String address(int machine) {
    return "10.77.0." + (machine + 1);
  }

  /** A machine as a place for nodes. */
  public Place place(int machine) {
    return new Place(address(machine), at(machine));
  }

  /** What comes before a command that is to run on a machine. */
  private List<String> at(int machine) {
    return enter(holders.get(machine + 1));
  }

  /** Cuts machines off from the others; they still see each other. */
  public void cutOff(int... machines) {
    for (int machine : machines) {
      run(enter(hub), "ip", "link", "set", cable(machine), "master", ISLAND);
    }
  }

  /** Joins machines with the others again. */
  public void heal(int... machines) {
    for (int machine : machines) {
      run(enter(hub), "ip", "link", "set", cable(machine), "master", MAIN);
    }
  }

  /**
   * Loses packets that reach a machine, at random.
   *
   * @param percent of the packets, 0 to 100
   */
  public void lose(int machine, int percent) {
    run(at(machine), "tc", "qdisc", "add", "dev", "eth0", "clsact");
    long below = (percent * (1L << 32)) / 100;
    String program =
        "4,32 0 0 " + RANDOM + ",53 0 1 " + below + ",6 0 0 " + PASS + ",6 0 0 " + DROP;
    run(
        at(machine),
        "tc",
        "filter",
        "add",
        "dev",
        "eth0",
        "ingress",
        "bpf",
        "da",
        "bytecode",
        program);
  }

  /**
   * Loses and delays packets that leave a machine; the test is skipped where the kernel cannot.
   *
   * @param percent of the packets that are lost
   * @param millis by which the others are late
   */
  public void loseAndDelay(int machine, int percent, int millis) {
    List<String> command = new ArrayList<>(at(machine));
    String netem = "tc qdisc add dev eth0 root netem loss " + percent + "% delay " + millis + "ms";
    command.addAll(List.of(netem.split(" ", -1)));
    String refusal = refusal(command);
    assumeTrue(refusal.isEmpty(), "this kernel has no network emulation (sch_netem): " + refusal);
  }

  /** TCP segments that a machine has sent more than once. */
  public long retransmitted(int machine) {
    List<String> command = new ArrayList<>(at(machine));
    command.addAll(List.of("cat", "/proc/net/snmp"));
    try {
      Process process = new ProcessBuilder(command).start();
      List<String> tcp =
          process
              .inputReader(StandardCharsets.UTF_8)
              .lines()
              .filter(l -> l.startsWith("Tcp:"))
              .toList();
      int column = List.of(tcp.get(0).split(" ", -1)).indexOf("RetransSegs");
      return Long.parseLong(tcp.get(1).split(" ", -1)[column]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String cable(int machine) {
    return "node" + machine;
  }

  private static List<String> enter(Process holder) {
    return List.of(
        "nsenter", "--target=" + holder.pid(), "--user", "--net", "--preserve-credentials");
  }

  /** Starts a process that stays in a new namespace; it echoes a line when it is there. */
  private Process hold(List<String> command) {
    try {
      Process holder = new ProcessBuilder(command).start();
      holders.add(holder);
      holder.outputWriter(StandardCharsets.UTF_8).append('\n').flush();
      if (holder.inputReader(StandardCharsets.UTF_8).readLine() == null) {
        throw new IllegalStateException(text(holder) + " (expected: " + command + " to hold)");
      }
      return holder;
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
  }

  private static void run(List<String> prefix, String... command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(List.of(command));
    String refusal = refusal(all);
    if (!refusal.isEmpty()) {
      throw new IllegalStateException(String.join(" ", all) + ": " + refusal);
    }
  }

  /** Runs a command; empty if it ended well, else what it said. */
  private static String refusal(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).start();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "no end within 10 s";
      }
      return process.exitValue() == 0 ? "" : "exit " + process.exitValue() + " " + text(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static String text(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Override
  public void close() {
    holders.forEach(Process::destroyForcibly);
  }
}
