package io.rglcd.data;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps samples of small data sets. Bounded: what comes when it is full is not kept, so that an
 * epoch longer than the cache still finds its first part. Thread-safe.
 */
final class SampleCache {

  private final ConcurrentHashMap<SampleAddress, ReadSample> samples = new ConcurrentHashMap<>();
  private final AtomicLong free;

  SampleCache(long bytes) {
    this.free = new AtomicLong(bytes);
  }

  Optional<ReadSample> get(SampleAddress address) {
    return Optional.ofNullable(samples.get(address));
  }

  void offer(SampleAddress address, ReadSample sample) {
    long bytes = sample.bytes();
    if (free.addAndGet(-bytes) < 0 || samples.putIfAbsent(address, sample) != null) {
      free.addAndGet(bytes);
    }
  }
}
