package io.rglcd.cli.command;

import java.util.Locale;

/** How nodes find each other without being told addresses; see section cluster.discovery. */
public enum DiscoveryMethod {
  /** Pods of this cluster, by the Kubernetes API. */
  KUBERNETES,
  /** The addresses of a DNS name. */
  DNS,
  /** Addresses in the configuration. */
  CONFIG;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
