package io.rglcd.cluster.dataplane;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/**
 * Writes what several connections bring into one file, one after the other on one thread: writers
 * of one file would only wait for each other. Who brings more than is written waits. Thread-safe.
 */
final class SnapshotWriter {

  /** Bytes that are written at a time. */
  static final int WRITE = 1 << 20;

  private static final int ROOMS = 6;

  private interface Task {
    void run() throws IOException;
  }

  private final FileChannel file;
  private final PieceJournal journal;
  private final Executor threads;
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private final Deque<Task> tasks = new ArrayDeque<>();
  private boolean working;
  private IOException failure;

  /**
   * A writer with nothing to do.
   *
   * @param threads give it one while it has
   */
  SnapshotWriter(FileChannel file, PieceJournal journal, Executor threads) {
    this.file = file;
    this.journal = journal;
    this.threads = threads;
    for (int i = 0; i < ROOMS; i++) {
      free.add(ByteBuffer.allocateDirect(WRITE));
    }
  }

  /** Room for {@link #WRITE} bytes, once there is; to be given to {@link #write} or back. */
  synchronized ByteBuffer room() throws IOException {
    await(() -> !free.isEmpty());
    return free.pop().clear();
  }

  /** A room that is not needed. */
  synchronized void give(ByteBuffer room) {
    free.push(room);
    notifyAll();
  }

  /**
   * Will write what a room has from its position to its limit, and empty the room.
   *
   * @throws IOException if something could not be written before
   */
  void write(ByteBuffer room, long at) throws IOException {
    begin(
        () -> {
          try {
            long next = at;
            while (room.hasRemaining() && !hasFailed()) {
              next += file.write(room, next);
            }
          } finally {
            give(room);
          }
        });
  }

  /** Will note a piece, after what is to be written of it. */
  void done(long piece, long checksum) throws IOException {
    begin(
        () -> {
          if (!hasFailed()) {
            journal.done(piece, checksum);
          }
        });
  }

  private synchronized void begin(Task task) throws IOException {
    tasks.add(task);
    if (!working) {
      try {
        threads.execute(this::work);
        working = true;
      } catch (RejectedExecutionException e) {
        throw new IOException("the data plane is closed", e);
      }
    }
    throwFailure();
  }

  private void work() {
    for (Task task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (IOException e) {
        fail(e);
      }
    }
  }

  private synchronized Task next() {
    Task task = tasks.poll();
    if (task == null) {
      working = false;
      notifyAll();
    }
    return task;
  }

  private synchronized void fail(IOException e) {
    failure = e;
  }

  private synchronized boolean hasFailed() {
    return failure != null;
  }

  /**
   * Returns when all is written.
   *
   * @throws IOException if something could not be written
   */
  synchronized void finish() throws IOException {
    await(() -> !working);
    throwFailure();
  }

  private synchronized void await(BooleanSupplier condition) throws IOException {
    try {
      while (!condition.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void throwFailure() throws IOException {
    if (hasFailed()) {
      throw new IOException("not written: " + PeerConnection.reason(failure), failure);
    }
  }
}
