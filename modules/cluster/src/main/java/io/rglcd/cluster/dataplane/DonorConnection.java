package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Endpoint;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A connection to a donor of snapshots, on which no wait is longer than the patience. Bytes go from
 * the socket into direct memory, which the streams of a blocking socket would copy twice. For one
 * thread, but for {@link #hangUp}.
 */
final class DonorConnection implements Closeable {

  private final SocketChannel channel;
  private final Selector selector;
  private final Duration patience;
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
  private volatile boolean hungUp;

  private DonorConnection(SocketChannel channel, Selector selector, Duration patience) {
    this.channel = channel;
    this.selector = selector;
    this.patience = patience;
  }

  /** A new connection after its handshake. */
  static DonorConnection open(Endpoint donor, DataPlaneOptions options, Handshake handshake)
      throws IOException {
    SocketChannel channel =
        PeerConnection.open(donor, options, handshake, Handshake.Purpose.SNAPSHOT);
    try {
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, 0);
      return new DonorConnection(channel, selector, options.patience());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Names the wanted file, in the form of {@link java.io.DataInput#readUTF}. */
  void writeName(String name) throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    write(
        ByteBuffer.allocate(Short.BYTES + bytes.length).putShort((short) bytes.length).put(bytes));
  }

  void writeLong(long value) throws IOException {
    write(ByteBuffer.allocate(Long.BYTES).putLong(value));
  }

  long readLong() throws IOException {
    number.clear();
    while (number.hasRemaining()) {
      read(number);
    }
    return number.getLong(0);
  }

  /** Reads at least one byte. */
  void read(ByteBuffer into) throws IOException {
    throwIfHungUp();
    int count = channel.read(into);
    while (count == 0) {
      await(SelectionKey.OP_READ);
      count = channel.read(into);
    }
    if (count < 0) {
      throw new EOFException("the connection ended within a piece");
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    bytes.flip();
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
  }

  private void await(int what) throws IOException {
    channel.keyFor(selector).interestOps(what);
    int ready = selector.select(patience.toMillis());
    throwIfHungUp();
    if (ready == 0) {
      throw new SocketTimeoutException("nothing has come or gone for " + patience);
    }
    selector.selectedKeys().clear();
  }

  /** Whatever is being read or written fails at once. By any thread. */
  void hangUp() {
    hungUp = true;
    selector.wakeup();
  }

  private void throwIfHungUp() throws IOException {
    if (hungUp) {
      throw new IOException("cancelled");
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
