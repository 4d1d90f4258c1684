package io.rglcd.cli.run;

import ai.djl.Device;
import io.rglcd.cli.command.NodeRequest;
import io.rglcd.cli.command.NodeStarter;
import io.rglcd.cli.config.ClusterConfig;
import io.rglcd.cli.config.RunConfig;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cli.report.OutputDirectory;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.ScratchFiles;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.actor.NodeEnd;
import io.rglcd.cluster.dataplane.DataPlaneOptions;
import io.rglcd.cluster.node.ClusterNode;
import io.rglcd.cluster.node.Discovery;
import io.rglcd.cluster.node.NodeOptions;
import io.rglcd.cluster.node.Role;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.tensor.Torch;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** Runs a node of a cluster by a configuration. */
public final class ClusterTrainer implements NodeStarter {

  private static final ReplicaFactory NO_REPLICAS =
      (member, device) -> {
        throw new IllegalStateException("loaders and servers have no replica");
      };

  private final Clock clock;

  /**
   * Runs nodes.
   *
   * @param clock gives wall times of event files
   */
  public ClusterTrainer(Clock clock) {
    this.clock = clock;
  }

  @Override
  public int run(TrainConfig config, NodeRequest request, PrintWriter out) {
    if (config.cluster().secret().isBlank()) {
      throw new TrainingException(
          "cluster.secret: '' (expected: a text that all nodes of the cluster share)");
    }
    Torch.setIntraOpThreads(1);
    if (Set.of(Role.LOADER, Role.SERVER).containsAll(request.roles())) {
      assist(config, request, out);
    } else {
      train(config, request, out);
    }
    return 0;
  }

  /** A node that only loads samples or serves needs no model. */
  private static void assist(TrainConfig config, NodeRequest request, PrintWriter out) {
    NodeEnd unused =
        live(config, request, 0, TrainingData.open(config), NO_REPLICAS, event -> {}, out);
  }

  private void train(TrainConfig config, NodeRequest request, PrintWriter out) {
    List<Device> devices = request.devices().list(Torch.gpus());
    OutputDirectory output = openOutput(config);
    try (RunInputs inputs = RunInputs.open(config, devices)) {
      NodeEnd end;
      try (ClusterRecorder recorder =
          new ClusterRecorder(
              output,
              new CheckpointRetention(
                  output.resolve(""), config.training().checkpointsTotalLimit()),
              inputs.loader(),
              out)) {
        end =
            live(
                config,
                request,
                devices.size(),
                inputs.samples(),
                new DeviceReplicas(inputs, devices),
                recorder,
                out);
      }
      if (end.completed()) {
        report(config, inputs, output, out);
      }
    }
  }

  private static OutputDirectory openOutput(TrainConfig config) {
    return OutputDirectory.open(
        Path.of(config.training().outputDir()),
        DistillationTrainer.MIN_FREE_BYTES,
        RunIdentity.of(config.json()));
  }

  /** The node whose coordinator ended the run measures what it has brought. */
  private void report(
      TrainConfig config, RunInputs inputs, OutputDirectory output, PrintWriter out) {
    Torch.setIntraOpThreads(Runtime.getRuntime().availableProcessors());
    try (Metrics metrics = Metrics.open(config.logging(), output, clock)) {
      new TrainingSession(config, inputs, output, metrics, out).report();
    }
    out.flush();
  }

  private static NodeEnd live(
      TrainConfig config,
      NodeRequest request,
      int devices,
      TrainingData data,
      ReplicaFactory replicas,
      TrainingListener listener,
      PrintWriter out) {
    try (LoaderThreads loaders = new LoaderThreads(config.data().dataloaderNumWorkers())) {
      NodeOptions options = options(config, request, devices);
      ClusterNode node =
          ClusterNode.start(
              options,
              settings(config, data.set().total()),
              replicas,
              data.source(loaders.executor()),
              listener);
      out.printf(
          "node %s: %s, management at %s%n", options.name(), roles(request), node.management());
      out.println(data.sample());
      out.flush();
      return untilEnd(node, out);
    }
  }

  private static String roles(NodeRequest request) {
    return request.roles().stream().sorted().map(Role::text).collect(Collectors.joining(", "));
  }

  private static NodeEnd untilEnd(ClusterNode node, PrintWriter out) {
    try (LeaveOnSignal signal = new LeaveOnSignal(node)) {
      NodeEnd end = signal.await();
      out.println(end.message());
      out.flush();
      return end;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static NodeOptions options(TrainConfig config, NodeRequest request, int devices) {
    ClusterConfig cluster = config.cluster();
    Path output = Path.of(config.training().outputDir());
    // In a container every process is number 1: only chance tells its lives apart.
    String name = request.name() + "-" + UUID.randomUUID().toString().substring(0, 8);
    return new NodeOptions(
        name,
        request.roles(),
        devices,
        request.host(),
        request.port(),
        request.managementPort().orElse(cluster.managementPort()),
        discovery(cluster, request),
        cluster.whoDecides(),
        cluster.pod(System.getenv()),
        ClusterConfig.seconds(cluster.acceptableHeartbeatPause()),
        DataPlaneOptions.of(
                name, request.host(), cluster.firstPort(), cluster.lastPort(), cluster.secret())
            .with(cluster.onTheWire())
            .with(DataPlaneOptions.CHUNK, ClusterConfig.seconds(cluster.patience())),
        cluster.logDir().isBlank() ? output.resolve("log") : Path.of(cluster.logDir()),
        Path.of(
            cluster.scratchDir().isBlank()
                ? System.getProperty("java.io.tmpdir")
                : cluster.scratchDir()));
  }

  private static Discovery discovery(ClusterConfig cluster, NodeRequest request) {
    if (request.discovery().isEmpty()) {
      return new Discovery.SeedNodes(request.seeds());
    }
    return switch (request.discovery().get()) {
      case KUBERNETES -> new Discovery.Kubernetes(cluster.service(), cluster.contactPoints());
      case DNS -> new Discovery.Dns(cluster.service(), cluster.contactPoints());
      case CONFIG -> new Discovery.Endpoints(cluster.endpoints(), cluster.contactPoints());
    };
  }

  private static TrainingSettings settings(TrainConfig config, long samples) {
    RunConfig run = config.training();
    ClusterConfig cluster = config.cluster();
    RunLimits limits =
        new RunLimits(
            cluster.expectedWorkers(),
            cluster.minWorkers(),
            run.trainBatchSize(),
            run.workers() * run.gradientAccumulationSteps(),
            run.steps(samples),
            run.checkpointingSteps(),
            run.checkpointingSteps(),
            cluster.maxFailures(),
            cluster.snapshotDonors(),
            cluster.waiting(),
            config.data().loadAhead());
    Path output = ScratchFiles.create(Path.of(run.outputDir()));
    return TrainingSettings.of(limits, samples, output, RunIdentity.of(config.json()))
        .withLoadParallelism(Math.max(1, config.data().dataloaderNumWorkers()));
  }
}
