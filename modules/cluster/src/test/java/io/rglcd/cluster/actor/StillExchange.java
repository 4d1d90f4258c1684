package io.rglcd.cluster.actor;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.SnapshotExchange;
import io.rglcd.cluster.protocol.Endpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Nothing arrives: keeps what it was to fetch, each of which ends when it is cancelled. */
final class StillExchange implements SnapshotExchange {

  /** What was to be fetched, and where to. */
  record Fetch(String name, List<NDArray> into, CompletableFuture<Void> done) implements Arrival {

    @Override
    public void cancel() {
      done.completeExceptionally(new IllegalStateException("cancelled"));
    }
  }

  private final List<Fetch> fetches = new ArrayList<>();

  List<Fetch> fetches() {
    return fetches;
  }

  @Override
  public void offer(String name, Path file) {}

  @Override
  public void withdraw(String name) {}

  @Override
  public Arrival fetch(String name, List<Endpoint> donors, List<NDArray> vectors) {
    Fetch fetch = new Fetch(name, vectors, new CompletableFuture<>());
    fetches.add(fetch);
    return fetch;
  }

  @Override
  public void close() {}
}
