package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between two data planes and does to the bytes of the caller, or of the other side, what
 * networks do: flips a bit, swallows everything from somewhere on while the connection stays open,
 * breaks it off, or is slow.
 */
public final class Proxy implements AutoCloseable {

  /** What happens once, to the next bytes of any caller. */
  public enum Fault {
    /** A bit is flipped. */
    FLIP,
    /** They and all after them are swallowed; the connection stays open. */
    HALT,
    /** They are passed on a few at a time, for more than a second. */
    SLOW
  }

  /** What nodes say to each other when they meet is shorter, chunks are longer. */
  private static final int GREETING = 256;

  private static final int PIECES = 16;
  private static final long PIECE_MILLIS = 100;

  private final AtomicReference<Optional<Fault>> next = new AtomicReference<>(Optional.empty());
  private final ServerSocket server;
  private final Endpoint behind;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile long flipAt = -1;
  private volatile long haltAt = Long.MAX_VALUE;
  private volatile long cutAt = Long.MAX_VALUE;
  private volatile boolean toAnswers;

  /** A proxy that only passes on, until it is told otherwise. */
  public Proxy(Endpoint behind) throws IOException {
    this.behind = behind;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** Where callers reach it. */
  public Endpoint address() {
    return new Endpoint(behind.node(), "127.0.0.1", server.getLocalPort());
  }

  /** Flips a bit of the byte at that offset of what the next callers send, once. */
  public Proxy flippingOnce(long offset) {
    flipAt = offset;
    return this;
  }

  /** Whether a bit was flipped as {@link #flippingOnce} wanted. */
  boolean hasFlipped() {
    return flipAt < 0;
  }

  /** Passes so many bytes of a caller and keeps the rest. */
  public Proxy haltingAt(long offset) {
    haltAt = offset;
    return this;
  }

  /** Ends each connection after so many bytes. */
  public Proxy cuttingAt(long offset) {
    cutAt = offset;
    return this;
  }

  /** What is done is done to what callers are answered. */
  public Proxy toAnswers() {
    toAnswers = true;
    return this;
  }

  /** Does something to the next bytes of any caller. */
  public void next(Fault fault) {
    next.set(Optional.of(fault));
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
    boolean meant = forth != toAnswers;
    byte[] buffer = new byte[4096];
    long seen = 0;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (meant && flipAt >= seen && flipAt < seen + n) {
          buffer[(int) (flipAt - seen)] ^= 4;
          flipAt = -1;
        }
        if (meant && seen + n > haltAt) {
          out.write(buffer, 0, (int) (haltAt - seen));
          ended.await();
        }
        if (meant && seen + n > cutAt) {
          return;
        }
        Optional<Fault> fault =
            meant && n > GREETING ? next.getAndSet(Optional.empty()) : Optional.empty();
        pass(buffer, n, fault, out);
        seen += n;
      }
    } catch (IOException e) {
      ended.getCount();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(byte[] buffer, int n, Optional<Fault> fault, OutputStream out)
      throws IOException, InterruptedException {
    if (fault.equals(Optional.of(Fault.FLIP))) {
      buffer[n / 2] ^= 4;
    } else if (fault.equals(Optional.of(Fault.HALT))) {
      ended.await();
    } else if (fault.equals(Optional.of(Fault.SLOW))) {
      for (int i = 0; i < PIECES; i++) {
        out.write(buffer, i * n / PIECES, (i + 1) * n / PIECES - i * n / PIECES);
        ended.await(PIECE_MILLIS, TimeUnit.MILLISECONDS);
      }
      return;
    }
    out.write(buffer, 0, n);
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
