package io.rglcd.cluster.management;

import akka.cluster.Member;
import java.util.List;
import java.util.Locale;

/**
 * A node as another sees it.
 *
 * @param name in this life of it
 * @param address host:port of its actor system
 * @param roles sorted
 * @param status its membership, such as up or leaving
 * @param reachable whether all others reach it
 */
public record NodeStatus(
    String name, String address, List<String> roles, String status, boolean reachable) {

  /** Copies the list. */
  public NodeStatus {
    roles = List.copyOf(roles);
  }

  static NodeStatus of(Member member, boolean reachable) {
    List<String> roles = member.getRoles().stream().sorted().toList();
    return new NodeStatus(
        roles.stream()
            .filter(role -> role.startsWith(RunControl.NAME_ROLE))
            .map(role -> role.substring(RunControl.NAME_ROLE.length()))
            .findFirst()
            .orElse("?"),
        member.address().hostPort().replaceFirst(".*@", ""),
        roles.stream().filter(role -> !role.contains(":") && !role.startsWith("dc-")).toList(),
        member.status().toString().toLowerCase(Locale.ROOT),
        reachable);
  }
}
