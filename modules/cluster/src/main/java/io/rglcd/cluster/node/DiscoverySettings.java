package io.rglcd.cluster.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Akka's settings of a {@link Discovery}. */
final class DiscoverySettings {

  private static final String BOOTSTRAP = "akka.management.cluster.bootstrap.";
  private static final String POINTS = BOOTSTRAP + "contact-point-discovery.";
  private static final String SERVICE = "rglcd";

  private DiscoverySettings() {}

  /**
   * The settings by path.
   *
   * @param last members of the cluster when it was last seen
   */
  static Map<String, Object> of(NodeOptions options, LastMembers last) {
    Discovery discovery = options.discovery();
    if (discovery instanceof Discovery.SeedNodes seeds) {
      return of(seeds.addresses(), options.address(), last);
    }
    Map<String, Object> values = new HashMap<>();
    // A cluster that only workers have founded would never train.
    values.put(BOOTSTRAP + "new-cluster-enabled", options.roles().contains(Role.COORDINATOR));
    if (discovery instanceof Discovery.Kubernetes kubernetes) {
      // Only coordinators are asked: one that could not found a cluster must not be waited for.
      values.put(
          "akka.discovery.kubernetes-api.pod-label-selector",
          "app.kubernetes.io/component=coordinator,app.kubernetes.io/instance=%s");
      values.put("akka.discovery.kubernetes-api.use-raw-ip", true);
      values.put(POINTS + "port-name", "management");
      put(values, "kubernetes-api", kubernetes.cluster(), kubernetes.contactPoints());
    } else if (discovery instanceof Discovery.Dns dns) {
      values.put(BOOTSTRAP + "contact-point.fallback-port", options.managementPort());
      put(values, "akka-dns", dns.name(), dns.contactPoints());
    } else if (discovery instanceof Discovery.Endpoints endpoints) {
      values.put(
          "akka.discovery.config.services",
          Map.of(
              SERVICE,
              Map.of(
                  "endpoints",
                  endpoints.addresses().stream().map(DiscoverySettings::of).toList())));
      put(values, "config", SERVICE, endpoints.contactPoints());
    }
    return values;
  }

  /** To those who are not the first seed Akka's time-out is how often they ask. */
  private static Map<String, Object> of(List<String> seeds, String self, LastMembers last) {
    Map<String, Object> values = new HashMap<>();
    values.put("akka.cluster.seed-nodes", NodeConfig.addresses(seeds, last.addresses()));
    if (last.mayBeAlive() && seeds.get(0).equals(self)) {
      values.put("akka.cluster.seed-node-timeout", LastMembers.PATIENCE.toSeconds() + " s");
    }
    return values;
  }

  private static void put(
      Map<String, Object> values, String method, String service, int contactPoints) {
    values.put(POINTS + "discovery-method", method);
    values.put(POINTS + "service-name", service);
    values.put(POINTS + "required-contact-point-nr", contactPoints);
  }

  private static Map<String, Object> of(String address) {
    int colon = address.lastIndexOf(':');
    return Map.of(
        "host", address.substring(0, colon), "port", Integer.valueOf(address.substring(colon + 1)));
  }
}
