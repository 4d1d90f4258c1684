package io.rglcd.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/** The limit: bytes through one socket on loopback, one side writing, one reading. */
final class SocketCopy {

  private static final int BUFFER = 1 << 20;

  private static final int ROUNDS = 5;

  private SocketCopy() {}

  static void print(int mebibytes) throws IOException, InterruptedException {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.min(best, seconds(mebibytes));
    }
    System.out.printf(
        Locale.ROOT,
        "plain socket mebibytes=%d best_s=%.4f rate=%.3f GiB/s%n",
        mebibytes,
        best,
        mebibytes / 1024.0 / best);
  }

  private static double seconds(int mebibytes) throws IOException, InterruptedException {
    try (ServerSocketChannel server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel from = SocketChannel.open(server.getLocalAddress());
        SocketChannel to = server.accept()) {
      Thread writer = new Thread(() -> write(from, mebibytes));
      long begin = System.nanoTime();
      writer.start();
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
      long left = (long) mebibytes << 20;
      while (left > 0) {
        left -= to.read(buffer.clear());
      }
      double seconds = (System.nanoTime() - begin) * 1e-9;
      writer.join();
      return seconds;
    }
  }

  private static void write(SocketChannel to, int mebibytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try {
      for (int i = 0; i < mebibytes; i++) {
        buffer.clear();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("the copy broke", e);
    }
  }
}
