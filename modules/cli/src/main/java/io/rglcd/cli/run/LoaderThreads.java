package io.rglcd.cli.run;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads that read and decode samples. */
final class LoaderThreads implements AutoCloseable {

  private final Optional<ExecutorService> threads;

  /** That many threads; 0 for the caller's own. */
  LoaderThreads(int count) {
    this.threads =
        count == 0
            ? Optional.empty()
            : Optional.of(Executors.newFixedThreadPool(count, LoaderThreads::daemon));
  }

  private static Thread daemon(Runnable body) {
    Thread thread = new Thread(body, "rglcd-loader");
    thread.setDaemon(true);
    return thread;
  }

  /** Runs tasks on them. */
  Executor executor() {
    return threads.<Executor>map(service -> service).orElse(Runnable::run);
  }

  @Override
  public void close() {
    threads.ifPresent(ExecutorService::shutdownNow);
  }
}
