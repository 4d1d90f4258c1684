package io.rglcd.cluster.node;

import akka.actor.Address;
import io.rglcd.cluster.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The addresses of a cluster's members, in a file beside its log. When all coordinators have died,
 * those that come back find the cluster of the workers that wait for them, instead of founding
 * another.
 */
final class KnownMembers {

  private final Path file;
  private final Path draft;
  private volatile Set<String> written = Set.of();

  /**
   * The members that a log's directory knows.
   *
   * @param writer name of this node; each writes its own draft
   */
  KnownMembers(Path journal, String writer) {
    this.file = journal.resolve("members");
    this.draft = journal.resolve("members-" + writer + ".tmp");
  }

  /** Addresses as host:port; empty if none was ever noted. */
  List<String> read() {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList()
          : List.of();
    } catch (IOException e) {
      throw new TrainingException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** An address as it is noted. */
  static Stream<String> hostAndPort(Address address) {
    return address.getHost().stream()
        .flatMap(host -> address.getPort().stream().map(port -> host + ":" + port));
  }

  /**
   * Whether a member that was noted from here is noted no more: others have given it up. Who has
   * never been noted is new, and may be the first to come back.
   */
  boolean forget(Address member) {
    if (hostAndPort(member).noneMatch(written::contains)) {
      return false;
    }
    List<String> noted = read();
    return !noted.isEmpty() && hostAndPort(member).noneMatch(noted::contains);
  }

  /** Notes the members of now, host:port. */
  void write(Collection<String> members) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(draft, new TreeSet<>(members));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      written = Set.copyOf(members);
    } catch (IOException e) {
      throw new TrainingException(file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
