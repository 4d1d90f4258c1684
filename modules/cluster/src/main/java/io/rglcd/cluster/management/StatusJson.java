package io.rglcd.cluster.management;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.cluster.protocol.RunStatus;
import io.rglcd.cluster.protocol.StepNumber;
import java.util.List;
import java.util.Optional;

/** The status of a cluster as JSON. */
final class StatusJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private StatusJson() {}

  /**
   * The JSON text.
   *
   * @param run as the coordinator says; empty, and null in JSON, where none answers
   * @param nodes of the cluster
   */
  static String of(Optional<RunStatus> run, List<NodeStatus> nodes) {
    ObjectNode status = JSON.createObjectNode();
    status.set("run", run.map(StatusJson::run).orElse(null));
    ArrayNode list = status.putArray("nodes");
    nodes.forEach(node -> list.addPOJO(node));
    return status.toPrettyString();
  }

  private static ObjectNode run(RunStatus run) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("term", run.term().value())
            .put("phase", run.phase())
            .put("generation", run.generation().value())
            .put("step", run.step().value())
            .put("steps", run.steps())
            .put("epoch", run.epoch())
            .put("failures", run.failures());
    json.putObject("samples")
        .put("total", run.samples())
        .put("committed", run.committed())
        .put("skipped", run.skipped())
        .put("leased", run.leased());
    ArrayNode replicas = json.putArray("replicas");
    for (RunStatus.ReplicaStatus replica : run.replicas()) {
      replicas
          .addObject()
          .put("worker", replica.worker().value())
          .put("computes", replica.computes())
          .put("step", replica.step().equals(StepNumber.NONE) ? null : replica.step().value())
          .put("standing", replica.standing())
          .put("leaving", replica.leaving());
    }
    return json;
  }
}
