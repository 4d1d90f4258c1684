package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Endpoint;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * Fetches one file in pieces from several donors; a piece that fails is fetched from another. The
 * file is not forced to the disk: it is for the process that fetches it, and what an earlier one
 * has left is checked before it is used.
 */
final class SnapshotFetch {

  /** Pieces that a donor is asked for at a time. */
  private static final int REQUESTS = 2;

  /** Bytes that are still in the processor's cache when they are checked and written. */
  private static final int READ = 128 << 10;

  /** What donors must agree on. */
  private record Described(long size, long digest) {}

  private final String name;
  private final List<Endpoint> donors;
  private final Path target;
  private final DataPlaneOptions options;
  private final Handshake handshake;
  private final Executor threads;
  private final LongSupplier nanos;
  private final ConcurrentLinkedQueue<Long> missing = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Described> described = new AtomicReference<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  SnapshotFetch(
      String name,
      List<Endpoint> donors,
      Path target,
      DataPlaneOptions options,
      Handshake handshake,
      Executor threads,
      LongSupplier nanos) {
    this.name = name;
    this.donors = List.copyOf(donors);
    this.target = target;
    this.options = options;
    this.handshake = handshake;
    this.threads = threads;
    this.nanos = nanos;
  }

  CompletionStage<SnapshotResult> start() {
    CompletableFuture<SnapshotResult> done = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            done.complete(run());
          } catch (IOException e) {
            done.completeExceptionally(
                new DataPlaneException(name + " was not fetched: " + PeerConnection.reason(e), e));
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  private SnapshotResult run() throws IOException {
    long began = nanos.getAsLong();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try (FileChannel file =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        PieceJournal journal = new PieceJournal(part)) {
      List<Endpoint> left = donors;
      do {
        left = pass(left, file, journal);
      } while (!left.isEmpty() && !missing.isEmpty());
      Described whole = described.get();
      if (whole == null || !missing.isEmpty()) {
        throw new IOException(
            failures.isEmpty() ? "no donor was named" : String.join("; ", failures));
      }
      verify(journal, whole);
      journal.delete();
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return new SnapshotResult(whole.size(), (nanos.getAsLong() - began) / 1e9);
    }
  }

  /** Has donors send what is missing; returns those that did not fail. */
  private List<Endpoint> pass(List<Endpoint> from, FileChannel file, PieceJournal journal) {
    List<CompletableFuture<Boolean>> parts = new ArrayList<>();
    for (Endpoint donor : from) {
      parts.add(CompletableFuture.supplyAsync(() -> fetchFrom(donor, file, journal), threads));
    }
    List<Endpoint> left = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      if (parts.get(i).join()) {
        left.add(from.get(i));
      }
    }
    return left;
  }

  private static void verify(PieceJournal journal, Described whole) throws IOException {
    long[] checksums =
        pieces(whole.size()).map(piece -> journal.checksum(piece).orElseThrow()).toArray();
    if (SnapshotFiles.digest(checksums) != whole.digest()) {
      throw new IOException("the pieces together are not what the donors offered");
    }
  }

  private static LongStream pieces(long size) {
    return LongStream.iterate(0, at -> at < size, at -> at + SnapshotFiles.PIECE);
  }

  private boolean fetchFrom(Endpoint donor, FileChannel file, PieceJournal journal) {
    Deque<Long> asked = new ArrayDeque<>();
    try (SocketChannel from =
        PeerConnection.open(donor, options, handshake, Handshake.Purpose.SNAPSHOT)) {
      from.socket().setSoTimeout((int) options.patience().toMillis());
      DataInputStream in = new DataInputStream(from.socket().getInputStream());
      DataOutputStream out = new DataOutputStream(from.socket().getOutputStream());
      out.writeUTF(name);
      out.flush();
      agree(donor, new Described(in.readLong(), in.readLong()), journal, file);
      byte[] bytes = new byte[READ];
      for (ask(asked, out); !asked.isEmpty(); ask(asked, out)) {
        receive(asked.peek(), in, bytes, file, journal);
        asked.remove();
      }
      out.writeLong(-1);
      return true;
    } catch (IOException e) {
      failures.add(donor + ": " + PeerConnection.reason(e));
      missing.addAll(asked);
      return false;
    }
  }

  /** The donor is to have the next request when it has answered one. */
  private void ask(Deque<Long> asked, DataOutputStream out) throws IOException {
    while (asked.size() < REQUESTS && !missing.isEmpty()) {
      Long piece = missing.poll();
      if (piece != null) {
        asked.add(piece);
        out.writeLong(piece);
      }
    }
  }

  /** What is written counts when it is noted; a damaged piece is written over by another donor. */
  private void receive(
      long piece, DataInputStream in, byte[] bytes, FileChannel file, PieceJournal journal)
      throws IOException {
    long end = Math.min(piece + SnapshotFiles.PIECE, described.get().size());
    long expected = in.readLong();
    CRC32C crc = new CRC32C();
    long at = piece;
    while (at < end) {
      int count = in.read(bytes, 0, (int) Math.min(bytes.length, end - at));
      if (count < 0) {
        throw new EOFException("the connection ended within a piece");
      }
      crc.update(bytes, 0, count);
      ByteBuffer data = ByteBuffer.wrap(bytes, 0, count);
      while (data.hasRemaining()) {
        at += file.write(data, at);
      }
    }
    if (crc.getValue() != expected) {
      throw new IOException("a piece was damaged on the way");
    }
    journal.done(piece, expected);
  }

  /** The first donor says what the file is; those who say otherwise are not used. */
  private synchronized void agree(
      Endpoint donor, Described theirs, PieceJournal journal, FileChannel file) throws IOException {
    if (theirs.size() < 0) {
      throw new IOException(name + " is not offered");
    }
    if (described.get() == null) {
      journal.begin(theirs.size(), theirs.digest());
      if (file.size() > theirs.size()) {
        file.truncate(theirs.size());
      }
      ByteBuffer room = ByteBuffer.allocateDirect(SnapshotFiles.PIECE);
      for (long at : pieces(theirs.size()).toArray()) {
        OptionalLong known = journal.checksum(at);
        if (known.isEmpty()
            || known.getAsLong() != SnapshotFiles.checksum(file, at, theirs.size(), room)) {
          missing.add(at);
        }
      }
      described.set(theirs);
    } else if (!described.get().equals(theirs)) {
      throw new IOException(donor.node() + " offers other bytes than the others");
    }
  }
}
