package io.rglcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cli.command.Devices;
import io.rglcd.cli.command.NodeCommand;
import io.rglcd.cli.command.NodeRequest;
import io.rglcd.cli.command.NodeStarter;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cli.run.ClusterTrainer;
import io.rglcd.tensor.Torch;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCommandTest {

  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();
  private final List<NodeRequest> started = new ArrayList<>();
  private Path conf;

  @BeforeEach
  void configure() throws Exception {
    conf =
        Files.writeString(
            folder.resolve("node.conf"),
            """
            training { output-dir = "%s", max-train-steps = 1 }
            cluster { secret = "secret" }
            """
                .formatted(folder.resolve("out")));
  }

  @Test
  void devicesAreOneCpuUnlessNamed() {
    assertThat(run(this::start)).isZero();
    assertThat(run(this::start, "--devices", "gpu:0,2")).isZero();
    assertThat(started)
        .extracting(NodeRequest::devices)
        .containsExactly(new Devices.Cpu(1), new Devices.Gpus(List.of(0, 2)));
  }

  @Test
  void devicesThatDoNotExistAreWrongUsage() {
    assertThat(run(this::start, "--devices", "tpu:1")).isEqualTo(2);
    assertThat(err.toString().lines().findFirst())
        .contains(
            "--devices: 'tpu:1' (expected: cpu:N with N from 1, gpu:all, or gpu:I,J,... with"
                + " different indices from 0)");
  }

  @Test
  void gpuOnAMachineWithoutOneIsOneSentenceAndLeavesNothing() {
    Assumptions.assumeTrue(Torch.gpus() == 0, "this machine has a GPU");
    assertThat(run(new ClusterTrainer(Clock.systemUTC()), "--devices", "gpu:all")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "rglcd: --devices gpu:all: no GPU is visible to PyTorch (expected: an NVIDIA driver"
                + " and libtorch with CUDA as docs/cluster.md says, or --devices cpu:N)");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private int start(TrainConfig config, NodeRequest request, PrintWriter unused) {
    started.add(request);
    return 0;
  }

  private int run(NodeStarter starter, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("node", conf.toString(), "--roles", "worker", "--port", "25520"));
    arguments.addAll(List.of(more));
    return Main.commandLine(List.of(new NodeCommand(starter)))
        .setErr(new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }
}
