package io.rglcd.cluster.node;

import io.rglcd.cluster.TestPorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The libraries' classes as the JVM loads them faster: an archive, made once for a class path, that
 * saves each node of a test nearly half of what it computes to start.
 */
final class ClassArchive {

  /** Class path of nodes: an archive holds classes of jars only, and these have to come first. */
  static final String CLASS_PATH = join(entries(true)) + File.pathSeparator + join(entries(false));

  private static final List<String> QUICK_START =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private ClassArchive() {}

  private static List<String> entries(boolean jars) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> entry.endsWith(".jar") == jars)
        .toList();
  }

  private static String join(List<String> entries) {
    return entries.stream().collect(Collectors.joining(File.pathSeparator));
  }

  /** The command that starts a node's JVM, but for main class and arguments. */
  static List<String> java() {
    List<String> command = new ArrayList<>(List.of(executable()));
    command.addAll(QUICK_START);
    command.add("-XX:SharedArchiveFile=" + archive());
    command.addAll(List.of("-cp", CLASS_PATH));
    return command;
  }

  private static String executable() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path archive() {
    try {
      Path target =
          Path.of(ClassArchive.class.getProtectionDomain().getCodeSource().getLocation().toURI())
              .getParent();
      String name = "node-" + Integer.toHexString(join(entries(true)).hashCode());
      Path archive = target.resolve(name + ".jsa");
      try (FileChannel other =
              FileChannel.open(
                  target.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = other.lock()) {
        if (lock.isValid() && !Files.exists(archive)) {
          make(archive);
        }
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs one node for one step, and archives what it has loaded. */
  private static void make(Path archive) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("rglcd-classes");
    Path list = folder.resolve("classes");
    String port = Integer.toString(TestPorts.free());
    List<String> node = new ArrayList<>(List.of(executable()));
    node.addAll(QUICK_START);
    node.addAll(List.of("-XX:DumpLoadedClassList=" + list, "-cp", CLASS_PATH));
    node.addAll(
        List.of(
            NodeProcessMain.class.getName(),
            "archive",
            "coordinator,worker",
            port,
            "127.0.0.1:" + port,
            "1",
            folder.resolve("run").toString(),
            "1",
            "0",
            "7",
            "1"));
    run(node);
    run(
        List.of(
            executable(),
            "-Xshare:dump",
            "-XX:+UseSerialGC",
            "-XX:SharedClassListFile=" + list,
            "-XX:SharedArchiveFile=" + archive,
            "-cp",
            join(entries(true))));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    if (!ended || process.exitValue() != 0) {
      throw new IllegalStateException("failed or not within 60 s: " + command);
    }
  }
}
