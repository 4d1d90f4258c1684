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
 * The files that a node offers. A request names a file; the answer is its size and digest. Then
 * each request is a piece, each answer its CRC32C and bytes; a negative offset ends it.
 */
final class SnapshotFiles {

  /** Bytes of a piece, whole numbers; the last one of a file is shorter. */
  static final int PIECE = 4 << 20;

  private record Offered(Path file, long size, long[] checksums) {}

  private final Map<String, Offered> offers = new ConcurrentHashMap<>();

  /** How many pieces a file of that size has. */
  static int pieces(long size) {
    return (int) ((size + PIECE - 1) / PIECE);
  }

  void offer(String name, Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
      long[] checksums = new long[pieces(size)];
      for (int i = 0; i < checksums.length; i++) {
        checksums[i] = checksum(channel, (long) i * PIECE, size, piece);
      }
      offers.put(name, new Offered(file, size, checksums));
    } catch (IOException e) {
      throw new DataPlaneException("cannot offer " + file + ": " + PeerConnection.reason(e), e);
    }
  }

  /** CRC32C of what a file of that size has of a piece; -1 if the file has become shorter. */
  static long checksum(FileChannel file, long at, long size, ByteBuffer room) throws IOException {
    boolean whole = read(file, at, size, room);
    CRC32C crc = new CRC32C();
    crc.update(room);
    return whole ? crc.getValue() : -1;
  }

  /** What stands for a whole file: CRC32C of its pieces' CRC32Cs, ascending. */
  static long digest(long[] checksums) {
    ByteBuffer all = ByteBuffer.allocate(Long.BYTES * checksums.length);
    for (long checksum : checksums) {
      all.putLong(checksum);
    }
    CRC32C crc = new CRC32C();
    crc.update(all.flip());
    return crc.getValue();
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
    out.writeLong(offered == null ? 0 : digest(offered.checksums()));
    out.flush();
    if (offered == null) {
      return;
    }
    try (FileChannel file = FileChannel.open(offered.file(), StandardOpenOption.READ)) {
      for (long at = in.readLong(); at >= 0 && at < offered.size(); at = in.readLong()) {
        out.writeLong(offered.checksums()[(int) (at / PIECE)]);
        send(file, at, Math.min(at + PIECE, offered.size()), to);
      }
    }
  }

  /** From the file to the socket within the kernel. */
  private static void send(FileChannel file, long start, long end, SocketChannel to)
      throws IOException {
    long at = start;
    while (at < end) {
      long count = file.transferTo(at, end - at, to);
      if (count == 0) {
        throw new EOFException("a file that is offered has become shorter");
      }
      at += count;
    }
  }

  /** Fills the room with a piece of a file of that size; whether the file had it. */
  private static boolean read(FileChannel file, long at, long size, ByteBuffer room)
      throws IOException {
    room.clear().limit((int) Math.min(PIECE, size - at));
    int count = 0;
    while (room.hasRemaining() && count >= 0) {
      count = file.read(room, at + room.position());
    }
    room.flip();
    return count >= 0;
  }
}
