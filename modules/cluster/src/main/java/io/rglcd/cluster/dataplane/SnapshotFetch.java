package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * Fetches a snapshot in pieces from several donors to where it is wanted. A piece that fails is
 * fetched again: whoever has sent one whole piece since its connection was opened is asked again
 * when that breaks.
 */
final class SnapshotFetch implements StartedFetch {

  /** Pieces that a donor is asked for at a time. */
  private static final int REQUESTS = 2;

  /** Connections at least, so that one can be read while the other waits for a piece. */
  private static final int CONNECTIONS = 2;

  /** What donors must agree on. */
  private record Described(long size, long digest) {}

  private final String name;
  private final List<Endpoint> donors;
  private final SnapshotRoom room;
  private final DataPlaneOptions options;
  private final Handshake handshake;
  private final Executor threads;
  private final LongSupplier nanos;
  private final long[] checksums;
  private final ConcurrentLinkedQueue<Integer> missing = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Described> described = new AtomicReference<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final Set<DonorConnection> connections = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<SnapshotResult> done = new CompletableFuture<>();
  private int writing;
  private boolean cancelled;

  SnapshotFetch(
      String name,
      List<Endpoint> donors,
      SnapshotRoom room,
      DataPlaneOptions options,
      Handshake handshake,
      Executor threads,
      LongSupplier nanos) {
    this.name = name;
    this.donors = List.copyOf(donors);
    this.room = room;
    this.options = options;
    this.handshake = handshake;
    this.threads = threads;
    this.nanos = nanos;
    this.checksums = new long[SnapshotFiles.pieces(room.size())];
    for (int piece = 0; piece < checksums.length; piece++) {
      missing.add(piece);
    }
  }

  void start() {
    try {
      threads.execute(this::run);
    } catch (RejectedExecutionException e) {
      fail("the data plane is closed", e);
    }
  }

  @Override
  public CompletionStage<SnapshotResult> result() {
    return done;
  }

  @Override
  public synchronized void cancel() {
    cancelled = true;
    connections.forEach(DonorConnection::hangUp);
    failIfCancelled();
  }

  private void failIfCancelled() {
    if (cancelled && writing == 0) {
      fail("cancelled", null);
    }
  }

  private void fail(String reason, Exception cause) {
    done.completeExceptionally(new DataPlaneException(name + " was not fetched: " + reason, cause));
  }

  private void run() {
    try {
      long began = nanos.getAsLong();
      List<Endpoint> left = donors;
      while (!left.isEmpty() && !missing.isEmpty()) {
        left = pass(left);
      }
      if (described.get() == null || !missing.isEmpty()) {
        throw new IOException(
            failures.isEmpty() ? "no donor was named" : String.join("; ", failures));
      }
      if (SnapshotFiles.digest(checksums) != described.get().digest()) {
        throw new IOException("the pieces together are not what the donors offered");
      }
      done.complete(new SnapshotResult(room.size(), (nanos.getAsLong() - began) / 1e9));
    } catch (IOException | RuntimeException e) {
      fail(PeerConnection.reason(e), e);
    }
  }

  /** Has donors send what is missing; returns those that can be asked again. */
  private List<Endpoint> pass(List<Endpoint> from) {
    List<CompletableFuture<Boolean>> parts = new ArrayList<>();
    int count = Math.max(CONNECTIONS, from.size());
    for (int i = 0; i < count; i++) {
      parts.add(part(from.get(i % from.size())));
    }
    List<Endpoint> left = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Endpoint donor = from.get(i % from.size());
      if (parts.get(i).join() && !left.contains(donor)) {
        left.add(donor);
      }
    }
    return left;
  }

  private CompletableFuture<Boolean> part(Endpoint donor) {
    try {
      return CompletableFuture.supplyAsync(new Part(donor)::run, threads)
          .exceptionally(e -> failed(donor, e));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(failed(donor, e));
    }
  }

  private boolean failed(Endpoint donor, Throwable reason) {
    failures.add(donor + ": " + PeerConnection.reason(reason));
    return false;
  }

  /** What one connection brings. */
  private final class Part {

    private final Endpoint donor;
    private final Deque<Integer> asked = new ArrayDeque<>();
    private boolean useful;

    private Part(Endpoint donor) {
      this.donor = donor;
    }

    /** Whether the donor has sent a piece, or none was missing. */
    private boolean run() {
      try (DonorConnection connection = DonorConnection.open(donor, options, handshake)) {
        connections.add(connection);
        try {
          fetch(connection);
        } finally {
          connections.remove(connection);
        }
        return true;
      } catch (IOException e) {
        missing.addAll(asked);
        return failed(donor, e) || useful;
      }
    }

    private void fetch(DonorConnection connection) throws IOException {
      connection.writeName(name);
      agree(donor, new Described(connection.readLong(), connection.readLong()));
      for (ask(connection); !asked.isEmpty(); ask(connection)) {
        receive(asked.peek(), connection);
        asked.remove();
        useful = true;
      }
      connection.writeLong(-1);
    }

    /** The donor is to have the next request when it has answered one. */
    private void ask(DonorConnection connection) throws IOException {
      while (asked.size() < REQUESTS && !missing.isEmpty()) {
        Integer piece = missing.poll();
        if (piece != null) {
          asked.add(piece);
          connection.writeLong((long) piece * SnapshotFiles.PIECE);
        }
      }
    }
  }

  private void receive(int piece, DonorConnection from) throws IOException {
    long start = (long) piece * SnapshotFiles.PIECE;
    long end = Math.min(start + SnapshotFiles.PIECE, room.size());
    long expected = from.readLong();
    CRC32C crc = new CRC32C();
    beginWriting();
    try {
      long at = start;
      while (at < end) {
        ByteBuffer part = room.from(at, end);
        read(from, part, crc);
        at += part.limit();
      }
    } finally {
      endWriting();
    }
    if (crc.getValue() != expected) {
      throw new IOException("a piece was damaged on the way");
    }
    checksums[piece] = expected;
  }

  /** From here to {@link #endWriting} the room is written to: who cancels waits for that. */
  private synchronized void beginWriting() throws IOException {
    if (cancelled) {
      throw new IOException("cancelled");
    }
    writing++;
  }

  private synchronized void endWriting() {
    writing--;
    failIfCancelled();
  }

  private static void read(DonorConnection donor, ByteBuffer room, CRC32C crc) throws IOException {
    while (room.hasRemaining()) {
      int start = room.position();
      donor.read(room);
      crc.update(room.duplicate().flip().position(start));
    }
  }

  /** The first donor says what is offered; those who say otherwise are not used. */
  private synchronized void agree(Endpoint donor, Described theirs) throws IOException {
    if (theirs.size() < 0) {
      throw new IOException(name + " is not offered");
    }
    if (theirs.size() != room.size()) {
      throw new IOException(
          donor.node() + " offers " + theirs.size() + " bytes (expected: " + room.size() + ")");
    }
    if (described.get() == null) {
      described.set(theirs);
    } else if (!described.get().equals(theirs)) {
      throw new IOException(donor.node() + " offers other bytes than the others");
    }
  }
}
