package io.rglcd.cluster;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.protocol.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Snapshots between the members of one process: the offered file is read. */
public final class InProcessSnapshots implements SnapshotExchange {

  private final Map<String, Path> offers = new ConcurrentHashMap<>();

  /** Cannot be ended: it takes no longer than to read a file. */
  private record Reading(CompletionStage<Void> done) implements Arrival {
    @Override
    public void cancel() {}
  }

  @Override
  public void offer(String name, Path file) {
    offers.put(name, file);
  }

  @Override
  public void withdraw(String name) {
    offers.remove(name);
  }

  @Override
  public Arrival fetch(String name, List<Endpoint> donors, List<NDArray> into) {
    return new Reading(
        CompletableFuture.runAsync(
            () -> {
              Path file = offers.get(name);
              if (file == null) {
                throw new TrainingException(name + " is not offered any more");
              }
              VectorFile.read(file, into);
            }));
  }

  @Override
  public void close() {
    offers.clear();
  }
}
