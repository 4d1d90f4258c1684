package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where the other nodes of the newest reduction are, and whether one that has hung up still is: a
 * machine whose process has ended refuses connections, long before a failure detector may say so.
 */
final class Neighbours {

  /** A process that is ending may still take a call, and then hang up. */
  private enum Door {
    OPEN,
    GONE,
    UNCERTAIN
  }

  private static final int TRIES = 10;
  private static final long BETWEEN_MILLIS = 100;

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

  /** Knocks at a node's door until somebody opens or nobody can be there, and tells of that. */
  void look(String node) throws InterruptedException {
    Endpoint place = places.get(node);
    Door door = Door.UNCERTAIN;
    for (int i = 0; place != null && door == Door.UNCERTAIN && i < TRIES; i++) {
      door = knock(place);
      TimeUnit.MILLISECONDS.sleep(door == Door.UNCERTAIN ? BETWEEN_MILLIS : 0);
    }
    if (door == Door.GONE) {
      told.accept(node);
    }
  }

  private Door knock(Endpoint place) {
    try {
      PeerConnection.open(place, options, handshake, Handshake.Purpose.KNOCK).close();
      return Door.OPEN;
    } catch (IOException e) {
      return e.getCause() instanceof ConnectException ? Door.GONE : Door.UNCERTAIN;
    }
  }
}
