package io.rglcd.cli.command;

import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cluster.node.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rglcd node}. */
@Command(
    name = "node",
    description = {
      "Run a node of a cluster that distils together.",
      "",
      "Coordinators drive the run, one of them at a time; workers come and go as they like;"
          + " loaders load samples for workers, which do it themselves where there is none; servers only"
          + " answer rglcd cluster, as every node does. All nodes are given the same CONF. SIGTERM lets a worker finish its step and leave.",
      "",
      "On one machine: rglcd node conf/cluster.conf --roles coordinator --port 25520"
          + " --management-port 8558",
      "          and:  rglcd node conf/cluster.conf --roles worker --seed-nodes 127.0.0.1:25520"
    })
public final class NodeCommand implements Callable<Integer> {

  private final NodeStarter starter;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONF", description = "Configuration in HOCON.")
  private Path file;

  @Option(
      names = "--roles",
      paramLabel = "ROLES",
      required = true,
      description = "coordinator, worker, loader, server; several with commas.")
  private String roles;

  @Option(
      names = "--devices",
      paramLabel = "DEVICES",
      defaultValue = "cpu:1",
      description =
          "cpu:N, gpu:all or gpu:0,2: a worker on each; a coordinator keeps its copy of the state on"
              + " the first. All of a run's are CPUs or all are GPUs. cpu:1 by default.")
  private String devices;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "node",
      description = "Name in logs and status.")
  private String name;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Address that other nodes reach this one by; 127.0.0.1 by default.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the actor system; any by default.")
  private int port;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      description = "Port for rglcd cluster and health checks; cluster.management-port by default.")
  private Optional<Integer> managementPort = Optional.empty();

  @Option(
      names = "--seed-nodes",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Coordinators to join, with commas; itself by default, which needs --port.")
  private List<String> seeds = List.of();

  @Option(
      names = "--discovery",
      paramLabel = "METHOD",
      description = "Find coordinators by ${COMPLETION-CANDIDATES} instead; see cluster.discovery.")
  private Optional<DiscoveryMethod> discovery = Optional.empty();

  /** A command that runs nodes with the given starter. */
  public NodeCommand(NodeStarter starter) {
    this.starter = starter;
  }

  @Override
  public Integer call() {
    if (discovery.isPresent() && !seeds.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--discovery and --seed-nodes (expected: one of them)");
    }
    if (discovery.isEmpty() && seeds.isEmpty() && port == 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--seed-nodes, --discovery or --port is missing (expected: whom to join)");
    }
    boolean alone = discovery.isEmpty() && seeds.isEmpty();
    List<String> join = alone ? List.of(host + ":" + port) : seeds;
    NodeRequest request =
        new NodeRequest(
            name, Role.parse(roles), devices(), host, port, managementPort, join, discovery);
    return starter.run(TrainConfig.load(file, Map.of()), request, spec.commandLine().getOut());
  }

  private Devices devices() {
    try {
      return Devices.parse(devices);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
