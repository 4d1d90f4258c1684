package io.rglcd.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.management.ControlToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Talks to the management port of one node of a cluster. */
final class ClusterClient {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String where;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /**
   * A client.
   *
   * @param where host:port
   * @throws TrainingException if it is not of that form
   */
  ClusterClient(String where) {
    if (!where.matches("[^/:\\s]+:[0-9]{1,5}")) {
      throw new TrainingException("--at: " + where + " (expected: HOST:PORT of a node)");
    }
    this.where = where;
  }

  /** The cluster's status. */
  JsonNode status() {
    return send(request("/rglcd/status").GET().build());
  }

  /**
   * Wants something of the cluster.
   *
   * @param path what, below /rglcd/
   * @return its status after that
   */
  JsonNode post(String path, ControlToken token) {
    return send(
        request("/rglcd/" + path)
            .header("Authorization", token.header())
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + where + path)).timeout(PATIENCE);
  }

  private JsonNode send(HttpRequest request) {
    HttpResponse<String> response;
    try {
      response = http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new TrainingException(
          "nobody answers at " + where + " (expected: the management port of a node)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TrainingException("interrupted while " + where + " was asked", e);
    }
    JsonNode body = json(response.body());
    if (response.statusCode() != 200) {
      throw new TrainingException(
          where + ": " + body.path("error").asText("answers " + response.statusCode()));
    }
    return body;
  }

  private JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new TrainingException(
          "what answers at " + where + " is no node of a cluster (expected: its management port)",
          e);
    }
  }
}
