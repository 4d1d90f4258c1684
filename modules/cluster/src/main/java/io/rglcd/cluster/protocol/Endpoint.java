package io.rglcd.cluster.protocol;

/**
 * Where a node's end of the data plane listens.
 *
 * @param node unique name of the node
 * @param host name or address that other nodes can reach
 * @param port of the data plane; 0 where all members are in one process
 */
public record Endpoint(String node, String host, int port) {

  /** The end of a run whose members are all in one process. */
  public static final Endpoint IN_PROCESS = new Endpoint("this process", "localhost", 0);

  @Override
  public String toString() {
    return node + " (" + host + ":" + port + ")";
  }
}
