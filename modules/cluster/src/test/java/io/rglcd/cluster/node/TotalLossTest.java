package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.tensor.Torch;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All nodes killed, and what they were writing torn, as real processes on loopback. */
@Timeout(240)
class TotalLossTest {

  private static final long STEPS = 40;

  @TempDir static Path folder;

  @Test
  void tornLogAndTornCheckpointAreNotTakenAndTheWeightsAreTheSame() throws Exception {
    Torch.setIntraOpThreads(1);
    Path undisturbed = FakeRun.undisturbed(folder.resolve("undisturbed"), STEPS).checkpoint();
    try (TestCluster cluster = new TestCluster(folder.resolve("torn"), 1, STEPS, 40)) {
      NodeProcess coordinator = cluster.coordinator(0, "fail=halt:appended:26");
      NodeProcess worker = cluster.worker();
      assertThat(coordinator.exitCode()).isEqualTo(FailAt.HALTED);
      worker.kill();
      tearTail(newestLog(cluster.output.resolve("log")), 17);
      tearTail(cluster.output.resolve("checkpoint-20/state"), 1000);
      NodeProcess again = cluster.coordinator(0);
      NodeProcess other = cluster.worker();
      cluster.hurryToTheEnd();
      assertThat(again.said())
          .contains("checkpoint-20/state is damaged")
          .contains("Rewound[from=25, to=10]");
      assertThat(again.exitCode()).isZero();
      assertThat(other.exitCode()).isZero();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  private static Path newestLog(Path directory) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private static void tearTail(Path file, long bytes) throws Exception {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - bytes);
    }
  }
}
