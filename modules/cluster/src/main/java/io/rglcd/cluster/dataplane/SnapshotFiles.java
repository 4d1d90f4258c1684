package io.rglcd.cluster.dataplane;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * The files that a node offers. A request names a file; the answer is its size and CRC32C. Then
 * each request is a piece, each answer its CRC32C and bytes; a negative offset ends it.
 */
final class SnapshotFiles {

  /** Bytes of a piece; the last one of a file is shorter. */
  static final int PIECE = 4 << 20;

  private record Offered(Path file, long size, long crc) {}

  private final Map<String, Offered> offers = new ConcurrentHashMap<>();

  void offer(String name, Path file) {
    CRC32C crc = new CRC32C();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
      while (channel.read(buffer) >= 0) {
        crc.update(buffer.flip());
        buffer.clear();
      }
      offers.put(name, new Offered(file, channel.size(), crc.getValue()));
    } catch (IOException e) {
      throw new DataPlaneException("cannot offer " + file + ": " + PeerConnection.reason(e), e);
    }
  }

  void withdraw(String name) {
    offers.remove(name);
  }

  /** Answers one node until it has all it wants. */
  void serve(SocketChannel to) throws IOException {
    DataInputStream in = new DataInputStream(to.socket().getInputStream());
    DataOutputStream out = new DataOutputStream(to.socket().getOutputStream());
    Offered offered = offers.get(in.readUTF());
    out.writeLong(offered == null ? -1 : offered.size());
    out.writeLong(offered == null ? 0 : offered.crc());
    out.flush();
    if (offered == null) {
      return;
    }
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    try (FileChannel file = FileChannel.open(offered.file(), StandardOpenOption.READ)) {
      for (long at = in.readLong(); at >= 0 && at < offered.size(); at = in.readLong()) {
        piece.clear().limit((int) Math.min(PIECE, offered.size() - at));
        while (piece.hasRemaining()) {
          if (file.read(piece, at + piece.position()) < 0) {
            throw new EOFException(offered.file() + " has become shorter");
          }
        }
        piece.flip();
        CRC32C crc = new CRC32C();
        crc.update(piece.duplicate());
        out.writeLong(crc.getValue());
        out.flush();
        while (piece.hasRemaining()) {
          to.write(piece);
        }
      }
    }
  }
}
