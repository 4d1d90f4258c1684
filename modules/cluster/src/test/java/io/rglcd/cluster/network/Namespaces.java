package io.rglcd.cluster.network;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rglcd.cluster.node.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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

  private static final Pattern LEAST_ROUND_TRIP = Pattern.compile("minrtt:([0-9.]+)");

  private final List<Process> holders = new ArrayList<>();
  private final List<Process> machines = new ArrayList<>();
  private final Process hub;

  /** With good cables if no command is given that makes others. */
  private Namespaces(int count, List<String> cables) {
    hub = hold(List.of("unshare", "--user", "--map-root-user", "--net", "cat"));
    for (String bridge : List.of(MAIN, ISLAND)) {
      run(enter(hub), "ip", "link", "add", bridge, "type", "bridge");
      run(enter(hub), "ip", "link", "set", bridge, "up");
    }
    if (!cables.isEmpty()) {
      hold(Stream.concat(enter(hub).stream(), cables.stream()).toList());
    }
    for (int number = 0; number < count; number++) {
      Process machine =
          hold(
              List.of(
                  "nsenter",
                  "--target=" + hub.pid(),
                  "--user",
                  "--preserve-credentials",
                  "unshare",
                  "--net",
                  "cat"));
      machines.add(machine);
      String near = nearEnd(number);
      String far = farEnd(number);
      if (cables.isEmpty()) {
        run(enter(hub), "ip", "link", "add", near, "type", "veth", "peer", "name", far);
      }
      String there = Long.toString(machine.pid());
      run(enter(hub), "ip", "link", "set", far, "netns", there, "name", "eth0");
      run(enter(hub), "ip", "link", "set", near, "master", MAIN, "up");
      run(enter(machine), "ip", "link", "set", "lo", "up");
      run(enter(machine), "ip", "addr", "add", address(number) + "/24", "dev", "eth0");
      run(enter(machine), "ip", "link", "set", "eth0", "up");
    }
  }

  /**
   * Makes machines that all see each other; the test is skipped where that is not allowed.
   *
   * @param machines how many
   */
  public static Namespaces open(int machines) {
    assumeNo(obstacle());
    return new Namespaces(machines, List.of());
  }

  /**
   * The same with bad cables; the test is skipped also where {@link Tap#DRIVER} may not be opened.
   *
   * @param machines how many
   * @param lost percent of the packets that each cable loses
   * @param overtaken percent of the others that it holds twice as long
   * @param millis that it holds a packet: a way there and back goes through four
   */
  public static Namespaces openBad(int machines, int lost, int overtaken, long millis) {
    assumeNo(obstacle());
    assumeNo(obstacleToBadCables());
    return new Namespaces(machines, BadCables.command(machines, lost, overtaken, millis));
  }

  private static void assumeNo(Optional<String> obstacle) {
    assumeTrue(obstacle.isEmpty(), () -> obstacle.orElseThrow());
  }

  private static Optional<String> obstacleToBadCables() {
    try {
      FileChannel.open(Path.of(Tap.DRIVER), StandardOpenOption.READ, StandardOpenOption.WRITE)
          .close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("cables that lose and delay packets need a device: " + e);
    }
  }

  /** Why there can be none here, in a sentence. */
  public static Optional<String> obstacle() {
    if (!Stream.of("unshare", "nsenter", "ip", "ss").allMatch(Namespaces::isInstalled)) {
      return Optional.of("network namespaces need the programs unshare, nsenter, ip, ss");
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
    return enter(machines.get(machine));
  }

  /** Cuts machines off from the others; they still see each other. */
  public void cutOff(int... machines) {
    for (int machine : machines) {
      run(enter(hub), "ip", "link", "set", nearEnd(machine), "master", ISLAND);
    }
  }

  /** Joins machines with the others again. */
  public void heal(int... machines) {
    for (int machine : machines) {
      run(enter(hub), "ip", "link", "set", nearEnd(machine), "master", MAIN);
    }
  }

  /** What a machine's kernel has counted of its network, by the kernel's name for it. */
  public long counted(int machine, String name) {
    List<String> tables = lines(machine, "cat", "/proc/net/snmp", "/proc/net/netstat").toList();
    for (int names = 0; names < tables.size(); names += 2) {
      int column = List.of(tables.get(names).split(" ", -1)).indexOf(name);
      if (column > 0) {
        return Long.parseLong(tables.get(names + 1).split(" ", -1)[column]);
      }
    }
    throw new IllegalArgumentException(name + " (expected: one of " + tables + ")");
  }

  /** For each connection of a machine with another the quickest way there and back, in ms. */
  public List<Double> leastRoundTrips(int machine) {
    String others = "not dst " + address(machine);
    return lines(machine, "ss", "--tcp", "--info", "--numeric", "state", "established", others)
        .flatMap(line -> LEAST_ROUND_TRIP.matcher(line).results())
        .map(found -> Double.valueOf(found.group(1)))
        .toList();
  }

  private Stream<String> lines(int machine, String... command) {
    List<String> all = new ArrayList<>(at(machine));
    all.addAll(List.of(command));
    try {
      return new ProcessBuilder(all).start().inputReader(StandardCharsets.UTF_8).lines();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Name of the end of a machine's cable that is at a bridge. */
  static String nearEnd(int machine) {
    return "node" + machine;
  }

  /** Name of the other end before it is on the machine, which calls it eth0. */
  static String farEnd(int machine) {
    return "far" + machine;
  }

  private static List<String> enter(Process holder) {
    return List.of(
        "nsenter", "--target=" + holder.pid(), "--user", "--net", "--preserve-credentials");
  }

  /** Starts a process that stays in a namespace; it says a line when it is there. */
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
