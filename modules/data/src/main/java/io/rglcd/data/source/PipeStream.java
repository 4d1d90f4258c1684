package io.rglcd.data.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a command writes. It is ended with the stream; one that fails by itself is an error of the
 * stream, with the last line that it complained in. For one thread.
 */
final class PipeStream extends FilterInputStream {

  private static final long SECONDS_TO_END = 10;

  private final Process process;
  private final LastLine complaint;

  PipeStream(String command) throws IOException {
    this(new ProcessBuilder(List.of("sh", "-c", command)).start());
  }

  private PipeStream(Process process) throws IOException {
    super(process.getInputStream());
    this.process = process;
    this.complaint = LastLine.of(process.getErrorStream());
    process.getOutputStream().close();
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = in.read(into, offset, length);
    if (count < 0) {
      checkStatus();
    }
    return count;
  }

  /** By reading, so that the end is seen. */
  @Override
  public long skip(long count) throws IOException {
    long skipped = 0;
    byte[] buffer = new byte[(int) Math.max(1, Math.min(count, 1 << 16))];
    while (skipped < count) {
      int read = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
      if (read < 0) {
        return skipped;
      }
      skipped += read;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> others = process.descendants().toList();
    process.destroy();
    others.forEach(ProcessHandle::destroy);
    super.close();
  }

  private void checkStatus() throws IOException {
    try {
      if (process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS) && process.exitValue() != 0) {
        String line = complaint.text();
        throw new IOException(
            "the command ended with status "
                + process.exitValue()
                + (line.isEmpty() ? "" : ": " + line));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("reading was interrupted", e);
    }
  }
}
