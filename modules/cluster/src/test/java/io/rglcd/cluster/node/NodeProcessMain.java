package io.rglcd.cluster.node;

import io.rglcd.cluster.actor.NodeEnd;
import io.rglcd.cluster.dataplane.DataPlaneOptions;
import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A node of fakes in a process of its own. Arguments: name, roles, port, seeds, quorum, output
 * directory, steps, milliseconds of a gradient, seed of the run.
 */
public final class NodeProcessMain {

  private NodeProcessMain() {}

  /** Runs the node until it ends. */
  public static void main(String[] args) {
    Torch.setIntraOpThreads(1);
    String name = args[0] + "-" + ProcessHandle.current().pid();
    Path output = Path.of(args[5]);
    NodeOptions options =
        new NodeOptions(
            name,
            Role.parse(args[1]),
            1,
            "127.0.0.1",
            Integer.parseInt(args[2]),
            0,
            List.of(args[3].split(",")),
            Integer.parseInt(args[4]),
            Duration.ofSeconds(2),
            DataPlaneOptions.of(name, "127.0.0.1", 0, 0, "secret").with(100, Duration.ofSeconds(3)),
            output.resolve("log"),
            output.resolve("scratch-" + name));
    ClusterNode node =
        ClusterNode.start(
            options,
            FakeRun.settings(output, 1, Long.parseLong(args[6]), args[8]),
            FakeRun.replicas(Long.parseLong(args[7])),
            FakeRun.tellingSource(),
            event -> System.out.println("event " + event));
    System.out.println("name " + name);
    System.out.println("management " + node.management());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  node.leave();
                  node.ended()
                      .toCompletableFuture()
                      .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                      .handle((end, failure) -> end)
                      .join();
                }));
    int code = 0;
    try {
      NodeEnd end = node.ended().toCompletableFuture().join();
      System.out.println("ended " + end);
    } catch (java.util.concurrent.CompletionException e) {
      System.out.println("failed " + e.getCause().getMessage());
      code = 1;
    }
    Runtime.getRuntime().halt(code);
  }
}
