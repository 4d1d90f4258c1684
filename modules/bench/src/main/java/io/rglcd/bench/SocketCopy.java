package io.rglcd.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The limit: bytes through one socket on loopback, one side writing, one reading. */
final class SocketCopy {

  private static final int BUFFER = 1 << 20;

  private SocketCopy() {}

  /** Seconds that the copy takes. */
  static double seconds(int mebibytes) throws IOException, InterruptedException {
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
