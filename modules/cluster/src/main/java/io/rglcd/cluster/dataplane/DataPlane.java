package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.StepKey;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One node's end of the data plane. Thread-safe. Leaves no thread and no socket when closed. */
public final class DataPlane implements AutoCloseable {

  private static final long WATCH_MILLIS = 250;
  private static final LongSupplier NANOS = System::nanoTime;
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final DataPlaneOptions options;
  private final Endpoint endpoint;
  private final Reception reception;
  private final Handshake handshake;
  private final Rounds rounds;
  private final Staging staging;
  private final Addition addition;
  private final SnapshotFiles snapshots = new SnapshotFiles();
  private final Map<Endpoint, PeerConnection> outgoing = new ConcurrentHashMap<>();
  private final Neighbours neighbours;
  private final ExecutorService threads;
  private final ScheduledExecutorService watch;
  private volatile boolean closed;

  private DataPlane(DataPlaneOptions options, ServerSocketChannel listener, int port) {
    this.options = options;
    int reached = options.advertisedPort() == 0 ? port : options.advertisedPort();
    this.endpoint = new Endpoint(options.node(), options.host(), reached);
    this.handshake = new Handshake(options.secret());
    this.rounds = new Rounds(options.patience(), NANOS);
    this.staging = new Staging(options.wire(), options.chunkElements());
    this.addition = new Addition(options.wire(), staging);
    this.neighbours = new Neighbours(options, handshake);
    String name = "data-plane-" + NAMES.incrementAndGet();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    this.watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, name + "-watch");
              thread.setDaemon(true);
              return thread;
            });
    this.reception =
        new Reception(listener, handshake, threads, this::readFrames, snapshots::serve);
    threads.execute(reception);
  }

  /**
   * Opens a node's end.
   *
   * @throws DataPlaneException if no port of the range is free or the address is not this host's
   */
  public static DataPlane open(DataPlaneOptions options) {
    IOException last = null;
    for (int port = options.firstPort(); port <= options.lastPort(); port++) {
      try {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
          listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
          listener.bind(new InetSocketAddress(options.bindHost(), port));
          int bound = ((InetSocketAddress) listener.getLocalAddress()).getPort();
          return new DataPlane(options, listener, bound);
        } catch (IOException | RuntimeException e) {
          listener.close();
          throw e;
        }
      } catch (BindException e) {
        last = e;
      } catch (IOException e) {
        throw new DataPlaneException(
            "data plane cannot listen on " + options.bindHost() + ": " + PeerConnection.reason(e),
            e);
      }
    }
    throw new DataPlaneException(
        "data plane: no free port from "
            + options.firstPort()
            + " to "
            + options.lastPort()
            + " on "
            + options.bindHost()
            + " (choose another range)",
        last);
  }

  /** Where other nodes reach it. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Frames of older attempts that came and were thrown away. */
  public long lateFrames() {
    return rounds.lateFrames();
  }

  /** Connections that did not know the secret or the protocol. */
  public long refusedConnections() {
    return reception.refused();
  }

  /**
   * Takes part in a reduction, the current one from now on.
   *
   * @param mine index to vector [P] float32 on the CPU, for the contributions held here; unchanged
   *     until the result is there or the reduction has failed
   * @param mean [P] float32 on the CPU, overwritten; not touched any more once it has failed
   * @return completes when the whole mean is here and all receivers have been sent their parts;
   *     fails with a {@link DataPlaneException}
   * @throws DataPlaneException if an attempt as new as this was begun before
   */
  public CompletionStage<ReductionResult> reduce(
      ReductionPlan plan, Map<Integer, NDArray> mine, NDArray mean) {
    StartedReduction started = begin(plan, mine, mean);
    started.ready(plan.elements());
    return started.result();
  }

  /**
   * Takes part in a reduction whose gradients are still in the making: nothing of them is used
   * before it is said to be ready. A wait for that counts as one for other nodes: it fails after
   * the patience of any node.
   *
   * @param mine as in {@link #reduce}, final only as far as it is ready
   * @param mean as in {@link #reduce}
   */
  public StartedReduction begin(ReductionPlan plan, Map<Integer, NDArray> mine, NDArray mean) {
    Reduction reduction = new Reduction(plan, endpoint, mine, mean, NANOS);
    ReductionWork work =
        new ReductionWork(reduction, endpoint, options, staging, addition, this::connection);
    rounds.begin(work);
    neighbours.meet(plan.receivers());
    work.start(threads);
    watch(work, -1, NANOS.getAsLong());
    return work;
  }

  private PeerConnection connection(Endpoint node) {
    return outgoing.computeIfAbsent(node, n -> new PeerConnection(n, options, handshake));
  }

  /** Reads what another node sends until its connection ends, then looks whether it still is. */
  private void readFrames(String node, SocketChannel channel)
      throws IOException, InterruptedException {
    try {
      new InboundReader(channel, rounds, staging, addition, options).run();
    } finally {
      if (!closed) {
        neighbours.look(node);
      }
    }
  }

  /** Fails a reduction in which nothing has happened for too long. */
  private void watch(ReductionWork work, long progress, long since) {
    Reduction reduction = work.reduction();
    if (reduction.done().isDone() || closed) {
      return;
    }
    long now = NANOS.getAsLong();
    long reached = reduction.progress();
    long quietSince = reached == progress ? since : now;
    if (now - quietSince > options.patience().toNanos()) {
      threads.execute(() -> work.fail("nothing has arrived or left for " + options.patience()));
    } else {
      ScheduledFuture<?> unused =
          watch.schedule(
              () -> watch(work, reached, quietSince), WATCH_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Ends a reduction that is not complete. */
  public void abort(StepKey key) {
    rounds
        .current()
        .filter(work -> work.key().equals(key) && !work.reduction().done().isDone())
        .ifPresent(work -> work.fail("aborted"));
  }

  /** Lets other nodes fetch a file, which stays as it is until withdrawn. */
  public void offer(String name, Path file) {
    snapshots.offer(name, file);
  }

  /** Ends an offer, if there is one. */
  public void withdraw(String name) {
    snapshots.withdraw(name);
  }

  /**
   * Fetches a file's bytes from several nodes at a time, straight to where they are wanted.
   *
   * @param donors who offer the same bytes under that name
   * @param into flat float32 tensors on the CPU, filled one after the other; what they hold counts
   *     only if all has arrived
   */
  public StartedFetch fetch(String name, List<Endpoint> donors, List<NDArray> into) {
    SnapshotFetch fetch =
        new SnapshotFetch(name, donors, new SnapshotRoom(into), options, handshake, threads, NANOS);
    fetch.start();
    return fetch;
  }

  /**
   * Tells of nodes whose process has ended: their connections have, and nothing listens any more
   * where they did. Says nothing of machines that are gone, which do not answer at all.
   *
   * @param told the node's name, on a thread of the data plane; replaces who was told before
   */
  public void whenEnded(Consumer<String> told) {
    neighbours.whenEnded(told);
  }

  @Override
  public void close() {
    closed = true;
    try {
      reception.stop();
      rounds.close();
      outgoing.values().forEach(PeerConnection::close);
      reception.hangUp();
      watch.shutdownNow();
      threads.shutdownNow();
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new DataPlaneException("threads of the data plane did not end within 10 s");
      }
      staging.close();
    } catch (IOException e) {
      throw new DataPlaneException("closing the data plane failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
