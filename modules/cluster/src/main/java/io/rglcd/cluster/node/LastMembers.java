package io.rglcd.cluster.node;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of the cluster when it was last seen, and whether any but this node may be alive: a
 * cluster founded beside theirs, because they are slow to answer, would do its steps again. Only
 * who refuses a connection is certainly gone; a machine that is gone or cut off refuses nothing.
 *
 * @param addresses host:port of whom to ask; where some may be alive, these alone: this node, as
 *     the first of all, would found a cluster, and those who are gone would only be waited for
 * @param mayBeAlive whether one of the others may be
 */
record LastMembers(List<String> addresses, boolean mayBeAlive) {

  /** How long those who may be alive are asked before another cluster is founded. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(LastMembers.class);

  private static final int PROBE_MILLIS = 1000;
  private static final int PROBES_AT_ONCE = 32;

  /** Copies the list. */
  LastMembers {
    addresses = List.copyOf(addresses);
  }

  /**
   * Knocks at all doors at once; takes a second at most.
   *
   * @param self this node's own address
   */
  static LastMembers look(List<String> addresses, String self) {
    List<String> others = addresses.stream().filter(address -> !address.equals(self)).toList();
    List<String> left = others.isEmpty() ? List.of() : notRefusing(others);
    if (!left.isEmpty()) {
      LOG.info(
          "members of before may be alive at {}: asked for {} s before another cluster is founded",
          String.join(", ", left),
          PATIENCE.toSeconds());
    }
    return left.isEmpty() ? new LastMembers(addresses, false) : new LastMembers(left, true);
  }

  private static List<String> notRefusing(List<String> addresses) {
    Set<String> refusing = ConcurrentHashMap.newKeySet();
    List<Callable<Object>> probes =
        addresses.stream()
            .map(
                address ->
                    Executors.callable(
                        () -> {
                          if (refuses(address)) {
                            refusing.add(address);
                          }
                        }))
            .toList();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(probes.size(), PROBES_AT_ONCE),
            work -> {
              Thread thread = new Thread(work, "last-members");
              thread.setDaemon(true);
              return thread;
            });
    try {
      threads.invokeAll(probes, PROBE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdownNow();
    }
    return addresses.stream().filter(address -> !refusing.contains(address)).toList();
  }

  private static boolean refuses(String address) {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
          PROBE_MILLIS);
      return false;
    } catch (ConnectException e) {
      // A network that cannot be reached throws the same.
      return String.valueOf(e.getMessage()).contains("refused");
    } catch (IOException e) {
      return false;
    }
  }
}
