package io.rglcd.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The status of a cluster for people. */
final class ClusterTable {

  private ClusterTable() {}

  static void print(JsonNode status, PrintWriter out) {
    JsonNode run = status.path("run");
    if (run.isObject()) {
      JsonNode samples = run.path("samples");
      line(
          out,
          "step %d of %d, %s (term %d, generation %d)",
          run.path("step").asLong(),
          run.path("steps").asLong(),
          run.path("phase").asText(),
          run.path("term").asLong(),
          run.path("generation").asLong());
      line(
          out,
          "epoch %d: %,d of %,d samples committed, %,d skipped",
          run.path("epoch").asLong(),
          samples.path("committed").asLong(),
          samples.path("total").asLong(),
          samples.path("skipped").asLong());
    } else {
      line(out, "no coordinator answers");
    }
    out.println();
    line(out, "%-24s %-22s %-22s %s", "node", "address", "roles", "");
    for (JsonNode node : status.path("nodes")) {
      line(
          out,
          "%-24s %-22s %-22s %s",
          node.path("name").asText(),
          node.path("address").asText(),
          String.join(",", texts(node.path("roles"))),
          node.path("reachable").asBoolean() ? node.path("status").asText() : "unreachable");
    }
    out.println();
    line(out, "%-24s %-10s %s", "replica", "step", "");
    for (JsonNode replica : run.path("replicas")) {
      line(
          out,
          "%-24s %-10s %s%s%s",
          replica.path("worker").asText(),
          replica.path("step").isNull() ? "-" : replica.path("step").asText(),
          replica.path("standing").asText(),
          replica.path("computes").asBoolean() ? "" : ", computes nothing",
          replica.path("leaving").asBoolean() ? ", leaving" : "");
    }
    out.flush();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }
}
