package io.rglcd.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.data.SampleStatus.Committed;
import io.rglcd.data.SampleStatus.Leased;
import io.rglcd.data.SampleStatus.Pending;
import io.rglcd.data.SampleStatus.Skipped;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The ledger in a checkpoint: {@code {total, epoch, lastStep, settled, earlier, open: [{end,
 * status, ...}]}}; each open interval begins where the one before ends, the last ends at {@code
 * total}.
 */
final class SampleLedgerJson {

  private SampleLedgerJson() {}

  static JsonNode write(SampleLedger ledger) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("total", ledger.total());
    json.put("epoch", ledger.epoch());
    json.put("lastStep", ledger.lastStep());
    json.set("settled", tally(ledger.tally()));
    json.set("earlier", tally(ledger.earlier()));
    ArrayNode open = json.putArray("open");
    for (StatusSpan span : ledger.open().spans()) {
      ObjectNode node = open.addObject().put("end", span.end());
      if (span.status() instanceof Leased leased) {
        node.put("status", "leased");
        node.put("worker", leased.lessee().worker());
        node.put("generation", leased.lessee().generation());
      } else if (span.status() instanceof Skipped skipped) {
        node.put("status", "skipped").put("reason", skipped.reason());
      } else {
        node.put("status", span.status() instanceof Committed ? "committed" : "pending");
      }
    }
    return json;
  }

  static SampleLedger read(JsonNode json) {
    long total = number(json, "total");
    SampleTally settled = tally(json, "settled");
    List<StatusSpan> spans = new ArrayList<>();
    long start = settled.total();
    for (JsonNode node : field(json, "open")) {
      long end = number(node, "end");
      if (end <= start) {
        throw new DataException("ledger: end " + end + " (expected: above " + start + ")");
      }
      spans.add(new StatusSpan(start, end, status(node)));
      start = end;
    }
    if (start != total) {
      throw new DataException(
          "ledger: accounts for " + start + " samples (expected: total, " + total + ")");
    }
    return new SampleLedger(
        total,
        number(json, "epoch"),
        number(json, "lastStep"),
        new StatusSpans(spans),
        settled,
        tally(json, "earlier"));
  }

  private static SampleStatus status(JsonNode node) {
    String status = text(node, "status");
    return switch (status) {
      case "pending" -> new Pending();
      case "committed" -> new Committed();
      case "skipped" -> new Skipped(text(node, "reason"));
      case "leased" -> new Leased(new Lessee(text(node, "worker"), number(node, "generation")));
      default ->
          throw new DataException(
              "ledger: status " + status + " (expected: pending, leased, committed or skipped)");
    };
  }

  private static ObjectNode tally(SampleTally tally) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("committed", tally.committed());
    ObjectNode skipped = json.putObject("skipped");
    tally.skipped().forEach(skipped::put);
    return json;
  }

  private static SampleTally tally(JsonNode json, String name) {
    JsonNode node = field(json, name);
    TreeMap<String, Long> skipped = new TreeMap<>();
    JsonNode reasons = field(node, "skipped");
    reasons.fieldNames().forEachRemaining(r -> skipped.put(r, number(reasons, r)));
    return new SampleTally(number(node, "committed"), skipped);
  }

  private static long number(JsonNode json, String name) {
    JsonNode value = field(json, name);
    if (!value.isIntegralNumber() || value.longValue() < 0) {
      throw new DataException("ledger: " + name + " is " + value + " (expected: a count)");
    }
    return value.longValue();
  }

  private static String text(JsonNode json, String name) {
    JsonNode value = field(json, name);
    if (!value.isTextual()) {
      throw new DataException("ledger: " + name + " is " + value + " (expected: a text)");
    }
    return value.textValue();
  }

  private static JsonNode field(JsonNode json, String name) {
    JsonNode value = json.get(name);
    if (value == null) {
      throw new DataException("ledger: " + name + " is missing");
    }
    return value;
  }
}
