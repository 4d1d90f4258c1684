package io.rglcd.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a command writes. It is ended with the stream; one that fails by itself, or writes too
 * slowly, is an error of the stream, with the last line that it complained in. For one thread.
 */
final class PipeStream extends InputStream {

  private static final long SECONDS_TO_END = 10;
  private static final int BUFFER = 1 << 16;
  private static final int AHEAD = 4;
  private static final byte[] END = {};

  private final Process process;
  private final LastLine complaint;
  private final Patience patience;
  private final LongSupplier nanoClock;
  private final BlockingQueue<byte[]> arrivals = new ArrayBlockingQueue<>(AHEAD);
  private final Thread pump;
  private byte[] current = new byte[0];
  private int position;
  private boolean ended;

  PipeStream(String command, Patience patience, LongSupplier nanoClock) throws IOException {
    this.process = new ProcessBuilder(List.of("sh", "-c", command)).start();
    this.complaint = LastLine.of(process.getErrorStream());
    this.patience = patience;
    this.nanoClock = nanoClock;
    process.getOutputStream().close();
    this.pump = new Thread(this::pump, "shard-pipe");
    pump.setDaemon(true);
    pump.start();
  }

  /** A pipe of a process cannot be read with a deadline, so a thread of its own reads it. */
  private void pump() {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = process.getInputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        arrivals.put(Arrays.copyOf(buffer, count));
      }
      arrivals.put(END);
    } catch (InterruptedException | IOException e) {
      // Closed by its reader, who waits for nothing more.
      arrivals.offer(END);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length > 0 && !hasMore()) {
      return -1;
    }
    int count = Math.min(length, current.length - position);
    System.arraycopy(current, position, into, offset, count);
    position += count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    if (count <= 0 || !hasMore()) {
      return 0;
    }
    int skipped = (int) Math.min(count, current.length - position);
    position += skipped;
    return skipped;
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> others = process.descendants().toList();
    process.destroy();
    others.forEach(ProcessHandle::destroy);
    pump.interrupt();
  }

  private boolean hasMore() throws IOException {
    if (position == current.length && !ended) {
      current = next();
      position = 0;
      if (current == END) {
        ended = true;
        checkStatus();
      }
    }
    return !ended;
  }

  private byte[] next() throws IOException {
    byte[] there = arrivals.poll();
    long since = nanoClock.getAsLong();
    try {
      while (there == null) {
        there = arrivals.poll(patience.leftNanos(), TimeUnit.NANOSECONDS);
        long now = nanoClock.getAsLong();
        patience.waited(now - since);
        since = now;
        if (there == null && patience.leftNanos() <= 0) {
          close();
          throw new IOException("the command is " + patience.missed() + explanation());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("reading was interrupted", e);
    }
    patience.gained(there.length);
    return there;
  }

  private void checkStatus() throws IOException {
    try {
      if (process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS) && process.exitValue() != 0) {
        throw new IOException(
            "the command ended with status " + process.exitValue() + explanation());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("reading was interrupted", e);
    }
  }

  private String explanation() throws InterruptedException {
    String line = complaint.text();
    return line.isEmpty() ? "" : ": " + line;
  }
}
