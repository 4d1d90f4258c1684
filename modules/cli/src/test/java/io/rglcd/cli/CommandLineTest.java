package io.rglcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cli.command.DemoCommand;
import io.rglcd.cli.command.SampleCommand;
import io.rglcd.cli.command.SampleRequest;
import io.rglcd.cli.command.TrainCommand;
import io.rglcd.cli.config.TrainConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandLineTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<TrainConfig> trained = new ArrayList<>();
  private final List<SampleRequest> sampled = new ArrayList<>();
  private boolean failing;

  @Test
  void demoOptionsChangeTheStarterConfiguration() {
    int code =
        run(
            "demo",
            "--steps",
            "7",
            "--workers",
            "1",
            "--seed",
            "9",
            "--beta",
            "0.5",
            "--reward",
            "pref",
            "--out",
            "somewhere");

    assertThat(code).isZero();
    TrainConfig config = trained.get(0);
    assertThat(config.training().maxTrainSteps()).isEqualTo(7);
    assertThat(config.training().workers()).isEqualTo(1);
    assertThat(config.training().seed()).isEqualTo(9);
    assertThat(config.training().outputDir()).isEqualTo("somewhere");
    assertThat(config.reward().beta()).isEqualTo(0.5);
    assertThat(config.reward().name()).isEqualTo("pref");
  }

  @Test
  void sampleTakesSeveralPromptsAndOneNetwork() {
    assertThat(
            run(
                "sample",
                "--model",
                "m",
                "--prompt",
                "a",
                "--prompt",
                "b",
                "--steps",
                "2",
                "--seed",
                "3",
                "--student",
                "--out",
                "x.png"))
        .isZero();
    assertThat(sampled.get(0).prompts()).containsExactly("a", "b");
    assertThat(sampled.get(0).network()).isEqualTo(SampleRequest.Network.STUDENT);
    assertThat(
            run(
                "sample",
                "--model",
                "m",
                "--prompt",
                "a",
                "--student",
                "--teacher",
                "--out",
                "x.png"))
        .isEqualTo(2);
  }

  @Test
  void sampleWithoutANetworkTakesTheTarget() {
    assertThat(run("sample", "--model", "m", "--prompt", "a", "--out", "x.png")).isZero();
    assertThat(sampled.get(0).network()).isEqualTo(SampleRequest.Network.TARGET);
    assertThat(sampled.get(0).steps()).isEqualTo(4);
  }

  @Test
  void zeroWorkersAreOneSentence() {
    assertThat(run("demo", "--workers", "0")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly("rglcd: training.workers: 0 (expected: >= 1)");
  }

  @Test
  void missingModelDirectoryIsOneSentence() {
    assertThat(run("model", "inspect", "nowhere")).isEqualTo(1);
    assertThat(err.toString().lines()).containsExactly("rglcd: model directory missing: nowhere");
  }

  @Test
  void surprisesHintAtDebugAndDebugShowsTheStack() {
    failing = true;
    assertThat(run("demo")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "rglcd: unexpected IllegalStateException: odd (rglcd --debug ... shows where)");
    assertThat(run("--debug", "demo")).isEqualTo(1);
    assertThat(err.toString()).contains("\tat ");
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("demo", "--no-such-option")).isEqualTo(2);
    assertThat(run("model")).isEqualTo(2);
  }

  @Test
  void everyCommandHasHelpAndTheProgramAVersion() {
    for (String command : line().getSubcommands().keySet()) {
      assertThat(run(command, "--help")).as(command).isZero();
    }
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).contains("rglcd 0.").doesNotContain("${");
  }

  @Test
  void completionKnowsTheCommands() {
    assertThat(run("generate-completion")).isZero();
    assertThat(out.toString()).contains("rglcd", "conformance", "--beta");
  }

  private CommandLine line() {
    return Main.commandLine(
            List.of(
                new DemoCommand(this::train),
                new TrainCommand(this::train),
                new SampleCommand(this::sample)))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }

  private int train(TrainConfig config, PrintWriter unused) {
    if (failing) {
      throw new IllegalStateException("odd");
    }
    trained.add(config);
    return 0;
  }

  private int sample(SampleRequest request, PrintWriter unused) {
    sampled.add(request);
    return 0;
  }

  private int run(String... arguments) {
    return line().execute(arguments);
  }
}
