package io.rglcd.cli.run;

import io.rglcd.cluster.actor.NodeEnd;
import io.rglcd.cluster.node.ClusterNode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Makes SIGTERM let a node finish its step and leave before the process ends. */
final class LeaveOnSignal implements AutoCloseable {

  /** How long a signal waits for the step in progress. */
  private static final long PATIENCE_SECONDS = 120;

  private final ClusterNode node;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::leave, "rglcd-leave");

  LeaveOnSignal(ClusterNode node) {
    this.node = node;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Waits for the end of the node, which a signal brings forward. */
  NodeEnd await() {
    return node.ended().toCompletableFuture().join();
  }

  private void leave() {
    node.leave();
    try {
      if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        node.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
