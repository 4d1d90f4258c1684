package io.rglcd.cluster.node;

import io.rglcd.cluster.actor.NodeContext;
import io.rglcd.cluster.actor.NodeEnd;
import io.rglcd.cluster.actor.Reasons;
import io.rglcd.cluster.dataplane.DataPlaneOptions;
import io.rglcd.cluster.network.Tunnel;
import io.rglcd.tensor.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A node of fakes in a process of its own. Arguments: name, roles, port, seeds, quorum, output
 * directory, steps, milliseconds of a gradient, seed of the run, members to wait for; then any of
 * {@code fail=}, see {@link FailAt}, {@code data=} ports of the data plane: the one it listens on
 * and the one that others are told, {@code protocol=} version, {@code host=} address, {@code
 * management=} port, {@code lease=} name of the lease that decides instead of the quorum, {@code
 * checkpoints=} steps from one to the next, {@code pod=} name of the pod whose deletion cost is
 * written, {@code tunnel=} a port of loopback and a socket in the file system where connections to
 * it are led on.
 */
public final class NodeProcessMain {

  private NodeProcessMain() {}

  /** Runs the node until it ends. */
  public static void main(String[] args) {
    Torch.setIntraOpThreads(1);
    String name = args[0] + "-" + ProcessHandle.current().pid();
    Path output = Path.of(args[5]);
    extra(args, "tunnel")
        .map(ends -> ends.split(",", 2))
        .ifPresent(ends -> Tunnel.fromPort(Integer.parseInt(ends[0]), Path.of(ends[1])));
    String host = extra(args, "host").orElse("127.0.0.1");
    NodeOptions options =
        new NodeOptions(
            name,
            Role.parse(args[1]),
            1,
            host,
            Integer.parseInt(args[2]),
            extra(args, "management").map(Integer::valueOf).orElse(0),
            discovery(args[3]),
            extra(args, "lease")
                .<Downing>map(Downing.LeaseMajority::new)
                .orElse(new Downing.StaticQuorum(Integer.parseInt(args[4]))),
            extra(args, "pod"),
            TestCluster.ACCEPTABLE_PAUSE,
            dataPlane(name, host, extra(args, "data")).with(100, Duration.ofSeconds(3)),
            output.resolve("log"),
            output.resolve("scratch"));
    FailAt fail = FailAt.parse(extra(args, "fail"), output.resolve(TestCluster.GO_ON));
    String deviceType = extra(args, "device").orElse("cpu");
    int protocol = extra(args, "protocol").map(Integer::valueOf).orElse(NodeContext.PROTOCOL);
    ClusterNode node;
    try {
      node =
          ClusterNode.start(
              options,
              new NodeWork(
                  FakeRun.settings(
                      output,
                      Integer.parseInt(args[9]),
                      Long.parseLong(args[6]),
                      extra(args, "checkpoints").map(Long::valueOf).orElse(FakeRun.CHECKPOINTS),
                      args[8]),
                  FakeRun.replicas(
                      Long.parseLong(args[7]),
                      () -> Files.exists(output.resolve(TestCluster.HURRY))),
                  FakeRun.tellingSource(),
                  event -> System.out.println("event " + event),
                  parts -> FailingParts.of(parts, fail, protocol, deviceType)));
    } catch (Exception e) {
      System.out.println("failed " + Reasons.of(e));
      Runtime.getRuntime().halt(1);
      return;
    }
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
      System.out.println("failed " + Reasons.of(e));
      code = 1;
    }
    Runtime.getRuntime().halt(code);
  }

  /**
   * Addresses with commas, or kubernetes, config or dns, the coordinators needed, and what to look
   * up.
   */
  private static Discovery discovery(String text) {
    String[] parts = text.split("=", 3);
    return switch (parts[0]) {
      case "kubernetes" -> new Discovery.Kubernetes(parts[2], Integer.parseInt(parts[1]));
      case "config" ->
          new Discovery.Endpoints(List.of(parts[2].split(",")), Integer.parseInt(parts[1]));
      case "dns" -> new Discovery.Dns(parts[2], Integer.parseInt(parts[1]));
      default -> new Discovery.SeedNodes(List.of(text.split(",")));
    };
  }

  private static Optional<String> extra(String[] args, String key) {
    return Arrays.stream(args)
        .filter(arg -> arg.startsWith(key + "="))
        .map(arg -> arg.substring(key.length() + 1))
        .findFirst();
  }

  private static DataPlaneOptions dataPlane(String name, String host, Optional<String> ports) {
    if (ports.isEmpty()) {
      return DataPlaneOptions.of(name, host, 0, 0, "secret");
    }
    String[] pair = ports.get().split(",", -1);
    int bound = Integer.parseInt(pair[0]);
    return DataPlaneOptions.of(name, host, bound, bound, "secret")
        .behind(Integer.parseInt(pair[1]));
  }
}
