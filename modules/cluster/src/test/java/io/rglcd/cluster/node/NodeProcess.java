package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A node in a process of its own, ended with the test. */
public final class NodeProcess implements AutoCloseable {

  /** Characters that show how a process has ended. */
  private static final int TAIL = 4000;

  private final Process process;
  private final Path output;

  /**
   * Starts a node.
   *
   * @param prefix what comes before the command, to run it somewhere else
   * @param log where its output goes
   */
  NodeProcess(List<String> prefix, Path log, List<String> arguments) {
    this.output = log;
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(prefix));
    builder.command().addAll(ClassArchive.java());
    builder.command().add(NodeProcessMain.class.getName());
    builder.command().addAll(arguments);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      this.process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it has said something. */
  public boolean says(String text) {
    return said().contains(text);
  }

  /** All that it has said. */
  public String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last of it. */
  String lastSaid() {
    String said = said();
    return said.substring(Math.max(0, said.length() - TAIL));
  }

  /** Kill -9. */
  public void kill() {
    process.destroyForcibly();
    await("killed", () -> !process.isAlive());
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Waits until it has been welcomed into a cluster that another node has founded. */
  public void awaitMember() {
    await("a welcome", () -> says(" - Welcome from "));
  }

  /** Sends a signal by its name. */
  public void signal(String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      assertThat(code).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end. */
  public int exitCode() {
    await("exit", () -> !process.isAlive());
    return process.exitValue();
  }

  /** What it has computed stays with it until it is applied. */
  void assertComputedNothingTwice() {
    assertThat(said().lines().filter(line -> line.startsWith("computed ")))
        .as("no gradient is computed twice by a survivor")
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  /** Waits for something of this node. */
  public void await(String what, BooleanSupplier condition) {
    awaitThat(() -> what + "; said:\n" + said(), condition);
  }

  /** Waits at most 90 s. */
  public static void awaitThat(String what, BooleanSupplier condition) {
    awaitThat(() -> what, condition);
  }

  /** The same; what is said of it is asked for when it has not come. */
  public static void awaitThat(Supplier<String> what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within 90 s: " + what.get());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
