package io.rglcd.cluster.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.protocol.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NeighboursTest {

  private final List<String> ended = new ArrayList<>();
  private final Neighbours neighbours =
      new Neighbours(options("here"), new Handshake(options("here").secret()));

  private static DataPlaneOptions options(String node) {
    return DataPlaneOptions.of(node, "127.0.0.1", 0, 0, "a secret");
  }

  @Test
  void onlyANodeWhoseDoorIsGoneHasEnded() throws Exception {
    neighbours.whenEnded(ended::add);
    try (DataPlane stays = DataPlane.open(options("stays"))) {
      try (DataPlane ends = DataPlane.open(options("ends"))) {
        neighbours.meet(List.of(stays.endpoint(), ends.endpoint()));
        neighbours.look("stays");
        neighbours.look("ends");
        assertThat(ended).isEmpty();
        assertThat(stays.refusedConnections()).isZero();
      }
      neighbours.look("ends");
      neighbours.look("stays");
      assertThat(ended).containsExactly("ends");
    }
  }

  @Test
  void nodesOfOlderReductionsAndUnknownOnesAreNotLookedFor() throws Exception {
    neighbours.whenEnded(ended::add);
    Endpoint gone;
    try (DataPlane plane = DataPlane.open(options("gone"))) {
      gone = plane.endpoint();
    }
    neighbours.meet(List.of(gone));
    neighbours.meet(List.of());
    neighbours.look("gone");
    neighbours.look("never seen");
    assertThat(ended).isEmpty();
  }
}
