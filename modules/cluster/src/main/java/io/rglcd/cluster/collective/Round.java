package io.rglcd.cluster.collective;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.protocol.StepKey;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** One attempt on the data plane. Thread-safe. */
final class Round {

  private final StepKey key;
  private final AtomicLong missing;
  private final Map<Integer, NDArray> gradients = new ConcurrentHashMap<>();
  private final CompletableFuture<StepKey> done = new CompletableFuture<>();

  /**
   * A round of an attempt.
   *
   * @param elements P, how many have to be added up
   */
  Round(StepKey key, long elements) {
    this.key = key;
    this.missing = new AtomicLong(elements);
  }

  StepKey key() {
    return key;
  }

  /** Micro-batch index to gradient. */
  Map<Integer, NDArray> gradients() {
    return gradients;
  }

  void added(long elements) {
    if (missing.addAndGet(-elements) == 0) {
      done.complete(key);
    }
  }

  CompletableFuture<StepKey> done() {
    return done;
  }
}
