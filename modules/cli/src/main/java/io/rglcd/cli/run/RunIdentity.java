package io.rglcd.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.cli.report.ReportJson;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The part of a configuration that must be equal for a checkpoint to be gone on from. */
final class RunIdentity {

  /**
   * Length, place, parallelism and display may differ: they do not change any committed step. Nor
   * does the batch of the steps to come, though nodes that are in one run must agree on it.
   */
  private static final Set<String> FREE =
      Set.of(
          "training.max-train-steps",
          "training.num-train-epochs",
          "training.output-dir",
          "training.checkpointing-steps",
          "training.checkpoints-total-limit",
          "training.resume-from-checkpoint",
          "training.workers",
          "training.train-batch-size",
          "training.gradient-accumulation-steps",
          "data.dataloader-num-workers",
          "data.cache-mib",
          "data.index-dir",
          "data.pipe-timeout",
          "data.prefetch-seconds");

  /** Sections that say where and how, never what. */
  private static final List<String> FREE_SECTIONS =
      List.of("logging.", "validation.", "data.shard-cache.", "data.http.", "data.s3.");

  private RunIdentity() {}

  /** Key to value, sorted. */
  static Map<String, String> of(String configJson) {
    Map<String, String> identity = new TreeMap<>();
    flatten("", ReportJson.tree(configJson), identity);
    identity
        .keySet()
        .removeIf(
            key ->
                FREE.contains(key)
                    || FREE_SECTIONS.stream().anyMatch(key::startsWith)
                    || (key.startsWith("cluster.") && !key.equals("cluster.data-plane.wire")));
    return identity;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> into) {
    if (!node.isObject()) {
      into.put(prefix, node.isValueNode() ? node.asText() : node.toString());
      return;
    }
    node.fields()
        .forEachRemaining(
            field ->
                flatten(
                    prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(),
                    field.getValue(),
                    into));
  }
}
