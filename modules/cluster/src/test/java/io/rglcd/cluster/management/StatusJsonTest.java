package io.rglcd.cluster.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.RunStatus;
import io.rglcd.cluster.protocol.RunStatus.ReplicaStatus;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusJsonTest {

  private static ReplicaStatus replica(String name, StepNumber step) {
    return new ReplicaStatus(new WorkerId(name), true, step, "behind", false);
  }

  @Test
  void aReplicaThatHoldsNothingIsAtNoStep() throws IOException {
    RunStatus run =
        new RunStatus(
            new Term(2),
            "computing",
            new Generation(3),
            new StepNumber(7),
            60,
            1,
            2000,
            1200,
            4,
            8,
            0,
            List.of(replica("a-0", new StepNumber(0)), replica("a-1", StepNumber.NONE)));
    JsonNode json = new ObjectMapper().readTree(StatusJson.of(Optional.of(run), List.of()));
    assertThat(json.at("/run/step").asLong()).isEqualTo(7);
    assertThat(json.at("/run/replicas/0/step").isNumber()).isTrue();
    assertThat(json.at("/run/replicas/1/step").isNull()).isTrue();
  }

  @Test
  void withoutACoordinatorThereIsNoRun() throws IOException {
    JsonNode json = new ObjectMapper().readTree(StatusJson.of(Optional.empty(), List.of()));
    assertThat(json.at("/run").isNull()).isTrue();
  }
}
