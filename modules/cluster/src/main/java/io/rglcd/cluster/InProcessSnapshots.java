package io.rglcd.cluster;

import io.rglcd.cluster.protocol.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Snapshots between the members of one process: copies of files. */
public final class InProcessSnapshots implements SnapshotExchange {

  private final Map<String, Path> offers = new ConcurrentHashMap<>();

  @Override
  public void offer(String name, Path directory, List<String> files) {
    offers.put(name, directory);
  }

  @Override
  public void withdraw(String name) {
    offers.remove(name);
  }

  @Override
  public CompletionStage<Void> fetch(
      String name, List<String> files, List<Endpoint> donors, Path into) {
    return CompletableFuture.runAsync(
        () -> {
          Path from = offers.get(name);
          if (from == null) {
            throw new TrainingException(name + " is not offered any more");
          }
          try {
            for (String file : files) {
              Files.copy(from.resolve(file), into.resolve(file));
            }
          } catch (IOException e) {
            throw new TrainingException(name + " cannot be copied: " + e, e);
          }
        });
  }

  @Override
  public void close() {
    offers.clear();
  }
}
