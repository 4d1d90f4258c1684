package io.rglcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.rglcd.cluster.management.ControlToken;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code rglcd cluster} asks for and shows; that nodes answer so is tested in the cluster. */
class ClusterCommandTest {

  private static final String STATUS =
      """
      {"run": {"term": 2, "phase": "computing", "generation": 3, "step": 7, "steps": 60,
       "epoch": 1, "samples": {"total": 2000, "committed": 1200, "skipped": 4},
       "replicas": [
        {"worker": "follower", "computes": false, "step": 7, "standing": "level", "leaving": false},
        {"worker": "a-0", "computes": true, "step": 7, "standing": "level", "leaving": true},
        {"worker": "a-1", "computes": true, "step": null, "standing": "behind",
         "leaving": false}]},
       "nodes": [
        {"name": "a", "address": "10.0.0.1:25520", "roles": ["loader", "worker"], "status": "up",
         "reachable": true},
        {"name": "b", "address": "10.0.0.2:25520", "roles": ["coordinator"], "status": "up",
         "reachable": false}]}
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private int code = 200;
  private String answer = STATUS;

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(code, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  @Test
  void statusIsATableForPeople() {
    assertThat(run("status")).isZero();
    assertThat(asked).containsExactly("GET /rglcd/status null");
    assertThat(out.toString().lines())
        .containsExactly(
            "step 7 of 60, computing (term 2, generation 3)",
            "epoch 1: 1,200 of 2,000 samples committed, 4 skipped",
            "",
            "node                     address                roles",
            "a                        10.0.0.1:25520         loader,worker          up",
            "b                        10.0.0.2:25520         coordinator            unreachable",
            "",
            "replica                  step",
            "follower                 7          level, computes nothing",
            "a-0                      7          level, leaving",
            "a-1                      -          behind");
  }

  @Test
  void statusIsJsonForTools() {
    assertThat(run("status", "--json")).isZero();
    assertThat(out.toString()).contains("\"phase\" : \"computing\"");
  }

  @Test
  void changesCarryTheTokenOfTheConfigurationsSecret() throws Exception {
    Path conf = folder.resolve("c.conf");
    Files.writeString(conf, "cluster { secret = \"s\" }");
    String token = ControlToken.of("s").header();
    assertThat(run("pause", "--conf", conf.toString())).isZero();
    assertThat(run("drain", "w1-2a", "--conf", conf.toString())).isZero();
    assertThat(asked)
        .containsExactly("POST /rglcd/pause " + token, "POST /rglcd/drain/w1-2a " + token);
  }

  @Test
  void changeWithoutConfigurationIsWrongUsage() {
    assertThat(run("stop")).isEqualTo(2);
    assertThat(err.toString()).contains("--conf is missing (expected: the nodes' configuration)");
    assertThat(asked).isEmpty();
  }

  @Test
  void refusalIsToldInTheNodesWords() {
    code = 503;
    answer = "{\"error\": \"no coordinator answers\"}";
    assertThat(run("status")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("rglcd: " + where() + ": no coordinator answers\n");
  }

  @Test
  void whatIsNoNodeIsSaidToBeNone() {
    answer = "<html>";
    assertThat(run("status")).isEqualTo(1);
    assertThat(err.toString()).contains("what answers at " + where() + " is no node of a cluster");
    server.stop(0);
    assertThat(run("status")).isEqualTo(1);
    assertThat(err.toString()).contains("nobody answers at " + where());
    assertThat(runAt("nonsense", "status")).isEqualTo(1);
    assertThat(err.toString()).contains("--at: nonsense (expected: HOST:PORT of a node)");
  }

  private String where() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private int run(String... arguments) {
    return runAt(where(), arguments);
  }

  private int runAt(String where, String... arguments) {
    List<String> all = new ArrayList<>(List.of("cluster"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--at", where));
    CommandLine line = Main.commandLine(List.of());
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(all.toArray(String[]::new));
  }
}
