package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cluster.CheckpointFiles;
import io.rglcd.cluster.management.ControlToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of real processes, looked at and steered through the port of one of its workers. */
@Timeout(240)
class ManagementProcessesTest {

  private static final ControlToken TOKEN = ControlToken.of("secret");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void runIsPausedResumedDrainedCheckpointedAndStopped(@TempDir Path folder) throws Exception {
    try (TestCluster cluster = new TestCluster(folder, 1, 1000, 50)) {
      NodeProcess coordinator = cluster.coordinator(0);
      NodeProcess worker = cluster.worker();
      NodeProcess other = cluster.worker();
      String at = "http://" + management(worker);
      other.await("other computes", () -> other.says("computed "));
      cluster.awaitStep(2);
      NodeProcess.awaitThat(
          "three nodes are up",
          () -> texts(status(at).path("nodes"), "status").equals(List.of("up", "up", "up")));

      JsonNode status = status(at);
      assertThat(status.at("/run/steps").asLong()).isEqualTo(1000);
      assertThat(status.at("/run/step").asLong()).isPositive();
      assertThat(texts(status.at("/run/replicas"), "worker"))
          .hasSize(3)
          .contains("follower", name(worker) + "-0", name(other) + "-0");
      assertThat(get(at + "/ready").statusCode()).isEqualTo(200);
      assertThat(get(at + "/alive").statusCode()).isEqualTo(200);

      HttpResponse<String> stranger = post(at + "/rglcd/pause", ControlToken.of("guess"));
      assertThat(stranger.statusCode()).isEqualTo(401);
      assertThat(stranger.body()).contains("does not carry this cluster's secret");

      assertThat(post(at + "/rglcd/pause", TOKEN).statusCode()).isEqualTo(200);
      NodeProcess.awaitThat("paused", () -> phase(at).equals("paused"));
      long paused = cluster.step();
      assertThat(post(at + "/rglcd/checkpoint", TOKEN).statusCode()).isEqualTo(200);
      Path checkpoint = CheckpointFiles.directory(folder, paused).resolve(CheckpointFiles.RUN);
      NodeProcess.awaitThat("checkpoint of the pause", () -> Files.exists(checkpoint));
      assertThat(cluster.step()).isEqualTo(paused);

      assertThat(post(at + "/rglcd/resume", TOKEN).statusCode()).isEqualTo(200);
      cluster.awaitStep(paused + 2);

      HttpResponse<String> nobody = post(at + "/rglcd/drain/nobody", TOKEN);
      assertThat(nobody.statusCode()).isEqualTo(404);
      assertThat(nobody.body()).contains("no node nobody (expected: one of ", name(other));
      assertThat(post(at + "/rglcd/drain/" + name(other), TOKEN).statusCode()).isEqualTo(200);
      assertThat(other.exitCode()).isZero();
      assertThat(worker.isAlive()).isTrue();

      assertThat(post(at + "/rglcd/stop", TOKEN).statusCode()).isEqualTo(200);
      assertThat(worker.exitCode()).isZero();
      assertThat(coordinator.exitCode()).isZero();
      assertThat(coordinator.said()).contains("the run was stopped after step");
    }
  }

  @Test
  void serverTellsOfTheRunAndEndsWithItAndAStrangerIsRefused(@TempDir Path folder)
      throws Exception {
    try (TestCluster cluster = new TestCluster(folder, 1, 1000, 50)) {
      cluster.coordinator(0);
      NodeProcess server = cluster.server("7");
      NodeProcess stranger = cluster.server("8");
      assertThat(stranger.exitCode()).isEqualTo(1);
      assertThat(stranger.said())
          .contains("failed this node's configuration differs from the coordinator's in seed");
      NodeProcess worker = cluster.worker();
      cluster.awaitStep(2);
      String at = "http://" + management(server);
      assertThat(status(at).at("/run/step").asLong()).isPositive();
      assertThat(texts(status(at).at("/run/replicas"), "worker"))
          .containsExactlyInAnyOrder("follower", name(worker) + "-0");
      assertThat(post(at + "/rglcd/stop", TOKEN).statusCode()).isEqualTo(200);
      assertThat(server.exitCode()).isZero();
      assertThat(server.said()).contains("the run is over").doesNotContain("computed ");
      assertThat(worker.exitCode()).isZero();
    }
  }

  @Test
  void statusTellsWhatThereIsWhereNoCoordinatorAnswers(@TempDir Path folder) throws Exception {
    try (TestCluster cluster = new TestCluster(folder, 1, 1000, 50)) {
      NodeProcess coordinator = cluster.coordinator(0);
      NodeProcess worker = cluster.worker();
      String at = "http://" + management(worker);
      cluster.awaitStep(1);
      coordinator.kill();
      worker.await("the coordinator is missed", () -> worker.says("UNREACHABLE"));
      JsonNode status = status(at);
      assertThat(status.path("run").isNull()).isTrue();
      assertThat(texts(status.path("nodes"), "reachable")).containsExactly("false", "true");
      assertThat(get(at + "/alive").statusCode()).isEqualTo(200);
      HttpResponse<String> pause = post(at + "/rglcd/pause", TOKEN);
      assertThat(pause.statusCode()).isEqualTo(503);
      assertThat(pause.body()).contains("no coordinator answers");
    }
  }

  private static String management(NodeProcess node) {
    return word(node, "management ");
  }

  private static String name(NodeProcess node) {
    return word(node, "name ");
  }

  /** What a node has said after a word at the beginning of a line. */
  private static String word(NodeProcess node, String before) {
    node.await(before, () -> node.said().lines().anyMatch(line -> line.startsWith(before)));
    return node.said()
        .lines()
        .filter(line -> line.startsWith(before))
        .map(line -> line.substring(before.length()))
        .findFirst()
        .orElseThrow();
  }

  private String phase(String at) {
    return status(at).at("/run/phase").asText();
  }

  private JsonNode status(String at) {
    try {
      return JSON.readTree(get(at + "/rglcd/status").body());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String url, ControlToken token)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", token.header())
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static List<String> texts(JsonNode array, String field) {
    return array.findValuesAsText(field);
  }
}
