package io.rglcd.cluster.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rglcd.cluster.management.RunControl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The actor system's settings of a clustered node. */
final class NodeConfig {

  /** Name of the actor system, equal on all nodes. */
  static final String SYSTEM = "rglcd";

  private NodeConfig() {}

  /**
   * The settings.
   *
   * @param last members of the cluster when it was last seen
   */
  static Config of(NodeOptions options, LastMembers last) {
    Map<String, Object> values = new HashMap<>();
    values.put("akka.actor.provider", "cluster");
    values.put("akka.remote.artery.transport", "tcp");
    values.put("akka.remote.artery.canonical.hostname", options.host());
    values.put("akka.remote.artery.canonical.port", options.port());
    values.put("akka.remote.artery.advanced.maximum-frame-size", "4 MiB");
    values.put(
        "akka.cluster.roles",
        Stream.concat(
                options.roles().stream().map(Role::text),
                Stream.of(RunControl.NAME_ROLE + options.name()))
            .toList());
    values.put("akka.management.http.hostname", options.host());
    values.put("akka.management.http.port", options.managementPort());
    values.putAll(DiscoverySettings.of(options, last));
    values.put("akka.cluster.downing-provider-class", QuorumDowning.class.getName());
    values.put(QuorumDowning.PAUSE, options.acceptablePause().toMillis() + " ms");
    values.put(
        "akka.cluster.failure-detector.acceptable-heartbeat-pause",
        options.acceptablePause().toMillis() + " ms");
    values.put("akka.cluster.jmx.multi-mbeans-in-same-jvm", "on");
    values.put("akka.coordinated-shutdown.exit-jvm", "off");
    return ConfigFactory.parseMap(values)
        .withFallback(
            ConfigFactory.parseResources(NodeConfig.class.getClassLoader(), "rglcd-node.conf"))
        .withFallback(ConfigFactory.load());
  }

  /** Who is asked for a cluster to join; the first may found one if nobody answers. */
  static List<String> addresses(List<String> seeds, List<String> known) {
    return Stream.concat(seeds.stream(), known.stream())
        .distinct()
        .map(NodeConfig::address)
        .toList();
  }

  /** The address of a node's actor system, of host:port. */
  static String address(String hostAndPort) {
    return "akka://" + SYSTEM + "@" + hostAndPort;
  }
}
