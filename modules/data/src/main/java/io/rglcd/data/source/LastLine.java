package io.rglcd.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads a stream to its end on a thread of its own and keeps its last line only. */
final class LastLine {

  private static final int LONGEST = 500;
  private static final long SECONDS = 1;

  private final StringBuilder current = new StringBuilder();
  private final CompletableFuture<String> last = new CompletableFuture<>();

  private LastLine() {}

  static LastLine of(InputStream in) {
    LastLine line = new LastLine();
    Thread thread = new Thread(() -> line.read(in), "pipe-errors");
    thread.setDaemon(true);
    thread.start();
    return line;
  }

  /** The last line that is not blank; empty where there is none or the stream does not end. */
  String text() throws InterruptedException {
    try {
      return last.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return "";
    }
  }

  private void read(InputStream in) {
    String kept = "";
    byte[] buffer = new byte[8192];
    try (in) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        for (char c : new String(buffer, 0, count, StandardCharsets.UTF_8).toCharArray()) {
          if (c != '\n' && c != '\r') {
            append(c);
          } else {
            kept = lastOf(kept);
          }
        }
      }
    } catch (IOException e) {
      kept = lastOf(kept);
    }
    last.complete(lastOf(kept));
  }

  private void append(char c) {
    if (current.length() < LONGEST) {
      current.append(c);
    }
  }

  private String lastOf(String kept) {
    String line = current.toString().strip();
    current.setLength(0);
    return line.isEmpty() ? kept : line;
  }
}
