package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** The way to one other node: opened when needed, opened again after a failure. */
final class PeerConnection implements Closeable {

  private static final int CONNECT_MILLIS = 5000;

  private final Endpoint peer;
  private final DataPlaneOptions options;
  private final Handshake handshake;
  private final ByteBuffer header = ByteBuffer.allocateDirect(FrameHeader.BYTES);
  private volatile SocketChannel channel;

  PeerConnection(Endpoint peer, DataPlaneOptions options, Handshake handshake) {
    this.peer = peer;
    this.options = options;
    this.handshake = handshake;
  }

  Endpoint peer() {
    return peer;
  }

  /**
   * Sends one frame; frames of several threads do not mix.
   *
   * @param payload from its position to its limit
   */
  synchronized void send(FrameHeader frame, ByteBuffer payload) throws IOException {
    frame.write(header);
    ByteBuffer[] both = {header, payload};
    try {
      SocketChannel to = channel;
      if (to == null) {
        to = SocketChannel.open();
        channel = to;
        connect(to, peer, options, handshake, Handshake.Purpose.REDUCE);
      }
      while (payload.hasRemaining()) {
        to.write(both);
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** A new connection after its handshake. */
  static SocketChannel open(
      Endpoint peer, DataPlaneOptions options, Handshake handshake, Handshake.Purpose purpose)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    connect(channel, peer, options, handshake, purpose);
    return channel;
  }

  private static void connect(
      SocketChannel channel,
      Endpoint peer,
      DataPlaneOptions options,
      Handshake handshake,
      Handshake.Purpose purpose)
      throws IOException {
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_MILLIS);
      handshake.call(channel.socket(), options.node(), purpose);
    } catch (IOException e) {
      channel.close();
      throw new IOException(peer + ": " + reason(e), e);
    }
  }

  static String reason(Throwable e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }

  /** Breaks off whatever is being sent; the next frame opens a new connection. */
  @Override
  public void close() {
    SocketChannel open = channel;
    channel = null;
    if (open != null) {
      closeNow(open);
    }
  }

  /** Closes what is of no use any more, whatever state it is in. */
  static void closeNow(Closeable connection) {
    try {
      connection.close();
    } catch (IOException e) {
      throw new DataPlaneException("closing a connection failed: " + reason(e), e);
    }
  }
}
