package io.rglcd.data.source;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The body of an answer as it arrives, a few network buffers ahead of its reader, who waits no
 * longer than a deadline allows.
 */
final class BodyQueue implements BodySubscriber<BodyQueue> {

  private static final int AHEAD = 8;

  private final LinkedBlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final LongSupplier nanoClock;
  private volatile boolean abandoned;
  private Arrival current = new Data(List.of());

  BodyQueue(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  @Override
  public CompletionStage<BodyQueue> getBody() {
    return subscription.thenApply(made -> this);
  }

  @Override
  public void onSubscribe(Flow.Subscription made) {
    subscription.complete(made);
    made.request(AHEAD);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (!abandoned) {
      arrivals.add(new Data(buffers));
    }
  }

  @Override
  public void onError(Throwable cause) {
    arrivals.add(new Failed(cause));
  }

  @Override
  public void onComplete() {
    arrivals.add(new Ended());
  }

  /**
   * Reads what is there, at least one byte.
   *
   * @return how many bytes; -1 at the end
   * @throws HttpFailure where the connection broke or the patience is at its end
   */
  int read(byte[] into, int offset, int length, Patience patience) throws HttpFailure {
    while (true) {
      if (current instanceof Ended) {
        return -1;
      }
      if (current instanceof Failed failed) {
        throw HttpFailure.passing("the connection broke: " + failed.cause, failed.cause);
      }
      for (ByteBuffer buffer : ((Data) current).buffers) {
        if (buffer.hasRemaining()) {
          int count = Math.min(length, buffer.remaining());
          buffer.get(into, offset, count);
          return count;
        }
      }
      current = next(patience);
    }
  }

  private Arrival next(Patience patience) throws HttpFailure {
    subscription.join().request(1);
    Arrival there = arrivals.poll();
    long since = nanoClock.getAsLong();
    while (there == null) {
      try {
        there = arrivals.poll(patience.leftNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw HttpFailure.lasting("reading was interrupted", e);
      }
      long now = nanoClock.getAsLong();
      patience.waited(now - since);
      since = now;
      if (there == null && patience.leftNanos() <= 0) {
        throw HttpFailure.passing(patience.missed());
      }
    }
    return there;
  }

  /** Lets go of what has not come yet, and of the connection. */
  void cancel() {
    abandoned = true;
    arrivals.clear();
    subscription.join().cancel();
  }

  /** Takes the rest without keeping it, on the client's threads, so that the connection is kept. */
  void drain() {
    abandoned = true;
    arrivals.clear();
    subscription.join().request(Long.MAX_VALUE);
  }

  private interface Arrival {}

  private record Data(List<ByteBuffer> buffers) implements Arrival {}

  private record Failed(Throwable cause) implements Arrival {}

  private record Ended() implements Arrival {}
}
