package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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

  /** Connections at least, so that one can be read while the other waits for a piece. */
  private static final int CONNECTIONS = 2;

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
      SnapshotWriter writer = new SnapshotWriter(file, journal, threads);
      List<Endpoint> left = donors;
      do {
        left = pass(left, file, journal, writer);
      } while (!left.isEmpty() && !missing.isEmpty());
      writer.finish();
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
  private List<Endpoint> pass(
      List<Endpoint> from, FileChannel file, PieceJournal journal, SnapshotWriter writer) {
    List<CompletableFuture<Boolean>> parts = new ArrayList<>();
    int connections = Math.max(CONNECTIONS, from.size());
    for (int i = 0; i < connections; i++) {
      Endpoint donor = from.get(i % from.size());
      parts.add(
          CompletableFuture.supplyAsync(() -> fetchFrom(donor, file, journal, writer), threads));
    }
    List<Endpoint> left = new ArrayList<>(from);
    for (int i = 0; i < connections; i++) {
      if (!parts.get(i).join()) {
        left.remove(from.get(i % from.size()));
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

  private boolean fetchFrom(
      Endpoint donor, FileChannel file, PieceJournal journal, SnapshotWriter writer) {
    Deque<Long> asked = new ArrayDeque<>();
    try (DonorConnection connection = DonorConnection.open(donor, options, handshake)) {
      connection.writeName(name);
      Described theirs = new Described(connection.readLong(), connection.readLong());
      agree(donor, theirs, journal, file);
      for (ask(asked, connection); !asked.isEmpty(); ask(asked, connection)) {
        receive(asked.peek(), connection, writer);
        asked.remove();
      }
      connection.writeLong(-1);
      return true;
    } catch (IOException e) {
      failures.add(donor + ": " + PeerConnection.reason(e));
      missing.addAll(asked);
      return false;
    }
  }

  /** The donor is to have the next request when it has answered one. */
  private void ask(Deque<Long> asked, DonorConnection donor) throws IOException {
    while (asked.size() < REQUESTS && !missing.isEmpty()) {
      Long piece = missing.poll();
      if (piece != null) {
        asked.add(piece);
        donor.writeLong(piece);
      }
    }
  }

  /** What is written counts when it is noted; a damaged piece is written over by another donor. */
  private void receive(long piece, DonorConnection donor, SnapshotWriter writer)
      throws IOException {
    long end = Math.min(piece + SnapshotFiles.PIECE, described.get().size());
    long expected = donor.readLong();
    CRC32C crc = new CRC32C();
    for (long at = piece; at < end; at += SnapshotWriter.WRITE) {
      ByteBuffer room = writer.room();
      try {
        room.limit((int) Math.min(SnapshotWriter.WRITE, end - at));
        read(donor, room, crc);
      } catch (IOException e) {
        writer.give(room);
        throw e;
      }
      writer.write(room.flip(), at);
    }
    if (crc.getValue() != expected) {
      throw new IOException("a piece was damaged on the way");
    }
    writer.done(piece, expected);
  }

  private static void read(DonorConnection donor, ByteBuffer room, CRC32C crc) throws IOException {
    while (room.hasRemaining()) {
      int start = room.position();
      donor.read(room);
      crc.update(room.duplicate().flip().position(start));
    }
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
