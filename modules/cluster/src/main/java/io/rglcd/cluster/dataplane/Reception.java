package io.rglcd.cluster.dataplane;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** Takes connections, makes sure who calls and what for, and hands them on. */
final class Reception implements Runnable {

  /** Reads from a connection until it ends. */
  interface Frames {
    void read(String node, SocketChannel channel) throws IOException, InterruptedException;
  }

  /** Answers requests on a connection until it ends. */
  interface Snapshots {
    void serve(SocketChannel channel) throws IOException;
  }

  private final ServerSocketChannel listener;
  private final Handshake handshake;
  private final Executor threads;
  private final Frames frames;
  private final Snapshots snapshots;
  private final Set<SocketChannel> incoming = ConcurrentHashMap.newKeySet();
  private final AtomicLong refused = new AtomicLong();

  Reception(
      ServerSocketChannel listener,
      Handshake handshake,
      Executor threads,
      Frames frames,
      Snapshots snapshots) {
    this.listener = listener;
    this.handshake = handshake;
    this.threads = threads;
    this.frames = frames;
    this.snapshots = snapshots;
  }

  /** Connections that did not know the secret or the protocol. */
  long refused() {
    return refused.get();
  }

  /** Takes connections until it is stopped. */
  @Override
  public void run() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        incoming.add(channel);
        hand(channel);
      } catch (IOException e) {
        if (!listener.isOpen()) {
          return;
        }
      }
    }
  }

  /** One that comes while all is closed is closed too. */
  private void hand(SocketChannel channel) throws IOException {
    try {
      threads.execute(() -> serve(channel));
    } catch (RejectedExecutionException e) {
      incoming.remove(channel);
      channel.close();
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      Handshake.Peer peer;
      try {
        peer = handshake.answer(channel.socket());
      } catch (IOException e) {
        refused.incrementAndGet();
        return;
      }
      switch (peer.purpose()) {
        case REDUCE -> frames.read(peer.node(), channel);
        case SNAPSHOT -> snapshots.serve(channel);
        case KNOCK -> {}
      }
    } catch (IOException | DataPlaneException e) {
      // The other side notices that its connection is closed, and the reduction's deadline or
      // failure says why; a connection that broke needs nothing else here.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      incoming.remove(channel);
    }
  }

  /** Takes no more connections. */
  void stop() throws IOException {
    listener.close();
  }

  /** Ends those that there are. */
  void hangUp() throws IOException {
    for (SocketChannel channel : incoming) {
      channel.close();
    }
  }
}
