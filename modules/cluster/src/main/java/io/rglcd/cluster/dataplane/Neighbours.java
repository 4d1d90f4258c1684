package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Where the other nodes of the newest reduction are, and whether one that has hung up still is: a
 * machine whose process has ended refuses connections, long before a failure detector may say so.
 */
final class Neighbours {

  private final DataPlaneOptions options;
  private final Handshake handshake;
  private final Map<String, Endpoint> places = new ConcurrentHashMap<>();
  private volatile Consumer<String> told = node -> {};

  Neighbours(DataPlaneOptions options, Handshake handshake) {
    this.options = options;
    this.handshake = handshake;
  }

  /** Notes where nodes are; forgets the others. */
  void meet(List<Endpoint> nodes) {
    places.keySet().retainAll(nodes.stream().map(Endpoint::node).toList());
    nodes.forEach(node -> places.put(node.node(), node));
  }

  void whenEnded(Consumer<String> newest) {
    told = newest;
  }

  /** Knocks at a node's door, and tells if nobody is there. */
  void look(String node) {
    Endpoint place = places.get(node);
    if (place != null && refuses(place)) {
      told.accept(node);
    }
  }

  private boolean refuses(Endpoint place) {
    try {
      PeerConnection.open(place, options, handshake, Handshake.Purpose.KNOCK).close();
      return false;
    } catch (IOException e) {
      return e.getCause() instanceof ConnectException;
    }
  }
}
