package io.rglcd.cluster.node;

import io.rglcd.cluster.actor.Reasons;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something that may fail a few times before it succeeds. Each attempt has a thread of its
 * own, since it may take long; nobody waits between them.
 */
final class Attempts {

  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final String name;
  private final Runnable attempt;
  private final Duration pause;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  private Attempts(String name, Duration pause, Runnable attempt) {
    this.name = name;
    this.attempt = attempt;
    this.pause = pause;
  }

  /**
   * Begins; completes when an attempt has succeeded, or with the failure of the last.
   *
   * @param name of the threads, and of what is done
   * @param tries at most
   * @param pause between them
   */
  static CompletionStage<Void> begin(String name, int tries, Duration pause, Runnable attempt) {
    Attempts attempts = new Attempts(name, pause, attempt);
    attempts.onThread(() -> attempts.make(tries));
    return attempts.done;
  }

  private void onThread(Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void make(int tries) {
    try {
      attempt.run();
      done.complete(null);
    } catch (Throwable e) {
      // Whoever waits must learn of it, whatever it was.
      if (tries == 1) {
        done.completeExceptionally(e);
        return;
      }
      LOG.warn("{} failed, {} more to try: {}", name, tries - 1, Reasons.of(e));
      CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, this::onThread)
          .execute(() -> make(tries - 1));
    }
  }
}
