package io.rglcd.cluster.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Leads connections on through a socket in the file system, which machines with networks of their
 * own share: so they reach a server on the test's machine, whether they are cut off or not.
 */
public final class Tunnel implements AutoCloseable {

  private final ServerSocketChannel entrance;
  private final SocketAddress exit;
  private final String ends;

  private Tunnel(
      StandardProtocolFamily family, SocketAddress entrance, SocketAddress exit, String ends) {
    this.exit = exit;
    this.ends = ends;
    try {
      this.entrance = ServerSocketChannel.open(family);
      this.entrance.bind(entrance);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("tunnel", this::accept);
  }

  /** From a socket in the file system to a port of loopback. */
  public static Tunnel toPort(Path socket, int port) {
    return new Tunnel(
        StandardProtocolFamily.UNIX,
        UnixDomainSocketAddress.of(socket),
        loopback(port),
        port + "," + socket);
  }

  /** From a port of loopback to a socket in the file system. */
  public static Tunnel fromPort(int port, Path socket) {
    return new Tunnel(
        StandardProtocolFamily.INET,
        loopback(port),
        UnixDomainSocketAddress.of(socket),
        port + "," + socket);
  }

  /** Port of loopback and socket, as a node's argument. */
  String ends() {
    return ends;
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (entrance.isOpen()) {
      try {
        SocketChannel near = entrance.accept();
        SocketChannel far = SocketChannel.open(exit);
        start("tunnel there", () -> copy(near, far));
        start("tunnel back", () -> copy(far, near));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        System.err.println("tunnel to " + exit + ": " + e);
      }
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 13);
    try (from;
        to) {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException e) {
      // An end that has hung up hangs up the other.
    }
  }

  @Override
  public void close() {
    try {
      entrance.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
