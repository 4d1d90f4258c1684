package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Stands between two data planes and does to the bytes of the caller what networks do: flips a bit,
 * or swallows everything after a number of bytes while the connection stays open.
 */
final class Proxy implements AutoCloseable {

  private final ServerSocket server;
  private final Endpoint behind;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile long flipAt = -1;
  private volatile long haltAt = Long.MAX_VALUE;

  Proxy(Endpoint behind) throws IOException {
    this.behind = behind;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  Endpoint address() {
    return new Endpoint(behind.node(), "127.0.0.1", server.getLocalPort());
  }

  /** Flips a bit of the byte at that offset of what the next callers send, once. */
  Proxy flippingOnce(long offset) {
    flipAt = offset;
    return this;
  }

  /** Passes so many bytes of a caller and keeps the rest. */
  Proxy haltingAt(long offset) {
    haltAt = offset;
    return this;
  }

  private void accept() {
    try {
      while (true) {
        Socket from = server.accept();
        Socket to = new Socket(InetAddress.getLoopbackAddress(), behind.port());
        sockets.add(from);
        sockets.add(to);
        start(() -> pump(from, to, true));
        start(() -> pump(to, from, false));
      }
    } catch (IOException e) {
      ended.countDown();
    }
  }

  private void pump(Socket from, Socket to, boolean forth) {
    byte[] buffer = new byte[4096];
    long seen = 0;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (forth && flipAt >= seen && flipAt < seen + n) {
          buffer[(int) (flipAt - seen)] ^= 4;
          flipAt = -1;
        }
        if (forth && seen + n > haltAt) {
          out.write(buffer, 0, (int) (haltAt - seen));
          ended.await();
        }
        out.write(buffer, 0, n);
        seen += n;
      }
    } catch (IOException e) {
      ended.getCount();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body, "test-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    ended.countDown();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
