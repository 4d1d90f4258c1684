package io.rglcd.cluster.node;

import io.rglcd.cluster.TrainingException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a node does. */
public enum Role {
  /** May drive the training; one of these nodes does. */
  COORDINATOR,
  /** Computes gradients. */
  WORKER,
  /** Loads samples for workers on other nodes. */
  LOADER,
  /** Tells people and tools of the run, and steers it for them; computes nothing. */
  SERVER;

  /** The name in configurations and on the command line. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Roles by their names.
   *
   * @param names separated by commas
   * @throws TrainingException if one is unknown or there is none
   */
  public static Set<Role> parse(String names) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String name : names.split(",", -1)) {
      roles.add(
          Arrays.stream(values())
              .filter(role -> role.text().equals(name.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new TrainingException(
                          "role '"
                              + name.strip()
                              + "' (expected: coordinator, worker, loader, server)")));
    }
    return roles;
  }
}
