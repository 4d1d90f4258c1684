package io.rglcd.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cluster.management.ControlToken;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code rglcd cluster}. */
@Command(
    name = "cluster",
    description = {
      "Look at a running cluster and steer it, through any of its nodes.",
      "",
      "What changes the run needs the cluster's secret: give the nodes' configuration with --conf."
    })
public final class ClusterCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--at",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8558",
      scope = ScopeType.INHERIT,
      description = "Management port of a node; 127.0.0.1:8558 by default.")
  private String at;

  @Option(
      names = "--conf",
      paramLabel = "CONF",
      scope = ScopeType.INHERIT,
      description = "The nodes' configuration, for cluster.secret.")
  private Path file;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the status as JSON.")
  private boolean json;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  @Command(name = "status", description = "Show the run, its nodes and its replicas.")
  void status() {
    show(new ClusterClient(at).status());
  }

  @Command(name = "pause", description = "Finish the step in progress, then wait.")
  void pause() {
    post("pause");
  }

  @Command(name = "resume", description = "Go on after a pause.")
  void resume() {
    post("resume");
  }

  @Command(name = "checkpoint", description = "Write a checkpoint after the step in progress.")
  void checkpoint() {
    post("checkpoint");
  }

  @Command(name = "stop", description = "Write a checkpoint and end all nodes.")
  void stop() {
    post("stop");
  }

  @Command(
      name = "drain",
      description = "Let a node finish what it is doing and leave; its process ends.")
  void drain(
      @Parameters(paramLabel = "NODE", description = "Name of the node, as status shows it.")
          String node) {
    post("drain/" + node);
  }

  private void post(String path) {
    if (file == null) {
      throw new ParameterException(
          spec.commandLine(), "--conf is missing (expected: the nodes' configuration)");
    }
    String secret = TrainConfig.load(file, Map.of()).cluster().secret();
    show(new ClusterClient(at).post(path, ControlToken.of(secret)));
  }

  private void show(JsonNode status) {
    if (json) {
      spec.commandLine().getOut().println(status.toPrettyString());
      spec.commandLine().getOut().flush();
    } else {
      ClusterTable.print(status, spec.commandLine().getOut());
    }
  }
}
