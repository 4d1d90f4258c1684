package io.rglcd.cluster.dataplane;

import java.time.Duration;

/**
 * A node's end of the data plane.
 *
 * @param node unique name of the node
 * @param bindHost address to listen on
 * @param host name or address that other nodes reach it by
 * @param firstPort the first port to try; 0 for any
 * @param lastPort the last port to try
 * @param advertisedPort that other nodes reach it by; 0 if it is the one it listens on
 * @param secret that all nodes of a cluster share
 * @param wire how numbers travel
 * @param chunkElements numbers in a frame
 * @param patience without any progress after which a transfer fails
 */
public record DataPlaneOptions(
    String node,
    String bindHost,
    String host,
    int firstPort,
    int lastPort,
    int advertisedPort,
    String secret,
    Wire wire,
    int chunkElements,
    Duration patience) {

  /** Numbers in a frame, 1 MiB of float32. */
  public static final int CHUNK = 1 << 18;

  /** Checks the values. */
  public DataPlaneOptions {
    if (firstPort < 0 || lastPort < firstPort || lastPort > 65535) {
      throw new DataPlaneException(
          "data plane ports: "
              + firstPort
              + " to "
              + lastPort
              + " (expected: 0 <= first <= last <= 65535)");
    }
    if (advertisedPort < 0 || advertisedPort > 65535) {
      throw new DataPlaneException(
          "data plane's advertised port: " + advertisedPort + " (expected: 0 to 65535)");
    }
    if (secret.isBlank()) {
      throw new DataPlaneException("cluster secret: blank (expected: a text that all nodes share)");
    }
    if (chunkElements < 1 || chunkElements > 1 << 24) {
      throw new DataPlaneException("chunk: " + chunkElements + " elements (expected: 1 to 2^24)");
    }
  }

  /** Float32, chunks of 1 MiB, 10 s of patience. */
  public static DataPlaneOptions of(
      String node, String host, int firstPort, int lastPort, String secret) {
    return new DataPlaneOptions(
        node, host, host, firstPort, lastPort, 0, secret, Wire.FP32, CHUNK, Duration.ofSeconds(10));
  }

  /** The same of a node with another name. */
  public DataPlaneOptions named(String other) {
    return new DataPlaneOptions(
        other,
        bindHost,
        host,
        firstPort,
        lastPort,
        advertisedPort,
        secret,
        wire,
        chunkElements,
        patience);
  }

  /** The same with another precision on the wire. */
  public DataPlaneOptions with(Wire other) {
    return new DataPlaneOptions(
        node,
        bindHost,
        host,
        firstPort,
        lastPort,
        advertisedPort,
        secret,
        other,
        chunkElements,
        patience);
  }

  /** The same with other chunks and patience. */
  public DataPlaneOptions with(int chunk, Duration wait) {
    return new DataPlaneOptions(
        node, bindHost, host, firstPort, lastPort, advertisedPort, secret, wire, chunk, wait);
  }

  /** The same where something between the nodes listens on another port and passes on. */
  public DataPlaneOptions behind(int port) {
    return new DataPlaneOptions(
        node, bindHost, host, firstPort, lastPort, port, secret, wire, chunkElements, patience);
  }
}
