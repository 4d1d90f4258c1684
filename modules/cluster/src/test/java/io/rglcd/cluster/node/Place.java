package io.rglcd.cluster.node;

import java.util.List;

/**
 * Where a node runs.
 *
 * @param host address that it listens on
 * @param prefix what comes before a command that is to run there
 */
public record Place(String host, List<String> prefix) {

  /** This machine. */
  public static final Place HERE = new Place("127.0.0.1", List.of());

  /** Copies the list. */
  public Place {
    prefix = List.copyOf(prefix);
  }
}
