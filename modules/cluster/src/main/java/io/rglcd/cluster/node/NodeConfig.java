package io.rglcd.cluster.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The actor system's settings of a clustered node. */
final class NodeConfig {

  /** Name of the actor system, equal on all nodes. */
  static final String SYSTEM = "rglcd";

  private NodeConfig() {}

  static Config of(NodeOptions options) {
    Map<String, Object> values = new HashMap<>();
    values.put("akka.actor.provider", "cluster");
    values.put("akka.remote.artery.transport", "tcp");
    values.put("akka.remote.artery.canonical.hostname", options.host());
    values.put("akka.remote.artery.canonical.port", options.port());
    values.put("akka.remote.artery.advanced.maximum-frame-size", "4 MiB");
    values.put("akka.cluster.roles", options.roles().stream().map(Role::text).toList());
    values.put("akka.cluster.seed-nodes", seeds(options));
    values.put(
        "akka.cluster.downing-provider-class", "akka.cluster.sbr.SplitBrainResolverProvider");
    values.put("akka.cluster.split-brain-resolver.active-strategy", "static-quorum");
    values.put("akka.cluster.split-brain-resolver.stable-after", "7s");
    // Nodes that come and go are this cluster's daily life, and no reason to end all of it: the
    // quorum and the log's terms keep two sides from both going on.
    values.put("akka.cluster.split-brain-resolver.down-all-when-unstable", "off");
    values.put("akka.cluster.split-brain-resolver.static-quorum.quorum-size", options.quorum());
    values.put("akka.cluster.split-brain-resolver.static-quorum.role", Role.COORDINATOR.text());
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

  private static List<String> seeds(NodeOptions options) {
    return options.seeds().stream().map(seed -> "akka://" + SYSTEM + "@" + seed).toList();
  }
}
