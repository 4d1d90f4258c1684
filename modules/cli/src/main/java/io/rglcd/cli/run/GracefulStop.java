package io.rglcd.cli.run;

import io.rglcd.cluster.TrainingResult;
import io.rglcd.cluster.TrainingRun;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes Ctrl-C and SIGTERM finish the step and write a checkpoint before the process ends. The
 * process goes down once this is closed.
 */
final class GracefulStop implements AutoCloseable {

  /** How long a signal waits for the last step and its checkpoint. */
  private static final long PATIENCE_SECONDS = 120;

  private final AtomicReference<TrainingRun> current = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "rglcd-stop");

  GracefulStop() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stop() {
    TrainingRun run = current.get();
    if (run == null) {
      return;
    }
    run.stop();
    try {
      if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        run.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the end of a run, which a signal brings forward. */
  TrainingResult await(TrainingRun run) {
    current.set(run);
    try {
      return run.result().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    if (hook.getState() == Thread.State.NEW) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
