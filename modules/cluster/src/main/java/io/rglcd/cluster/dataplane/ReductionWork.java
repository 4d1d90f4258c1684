package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.dataplane.Reduction.Chunk;
import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import io.rglcd.tensor.Torch;
import io.rglcd.tensor.TorchFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.zip.CRC32C;

/** What a node does in a reduction: sends its gradients, adds its slices, sends the mean. */
final class ReductionWork {

  /** The arithmetic of the in-process all-reduce: product and sum rounded one by one. */
  private static final TorchFunction ADD =
      TorchFunction.of(
          """
          def forward(self, sum: Tensor, parts: List[Tensor], weights: Tensor) -> List[Tensor]:
            torch.copy_(sum, torch.mul(parts[0], weights[0]))
            for i in range(1, torch.len(parts)):
              torch.add_(sum, torch.mul(parts[i], weights[i]))
            return annotate(List[Tensor], [])
          """);

  private final Reduction reduction;
  private final DataPlaneOptions options;
  private final Staging staging;
  private final Function<Endpoint, PeerConnection> connections;

  ReductionWork(
      Reduction reduction,
      DataPlaneOptions options,
      Staging staging,
      Function<Endpoint, PeerConnection> connections) {
    this.reduction = reduction;
    this.options = options;
    this.staging = staging;
    this.connections = connections;
  }

  /** Starts all that there is to do, each on a thread of the executor. */
  void start(ExecutorService executor) {
    List<Contribution> held = reduction.held();
    if (!held.isEmpty()) {
      for (Endpoint owner : reduction.others()) {
        if (!reduction.chunksOf(owner).isEmpty()) {
          executor.execute(() -> guarded(owner, true, () -> sendGradients(owner, held)));
        }
      }
    }
    if (!reduction.own().isEmpty()) {
      executor.execute(() -> guarded(null, true, this::add));
      for (Endpoint other : reduction.others()) {
        boolean needed = reduction.plan().receivers().contains(other);
        executor.execute(() -> guarded(other, needed, () -> sendMean(other)));
      }
    }
  }

  @FunctionalInterface
  private interface Part {
    void run() throws IOException, InterruptedException;
  }

  private void guarded(Endpoint peer, boolean needed, Part part) {
    if (!reduction.enter()) {
      return;
    }
    String failure = "";
    try {
      Torch.prepareThread();
      part.run();
    } catch (IOException e) {
      failure = "sending to " + peer + " failed: " + PeerConnection.reason(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = "interrupted";
    } catch (RuntimeException e) {
      failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    } finally {
      reduction.leave();
    }
    if (!failure.isEmpty() && needed) {
      reduction.fail(failure);
    }
  }

  private void sendGradients(Endpoint owner, List<Contribution> held) throws IOException {
    PeerConnection to = connections.apply(owner);
    for (Chunk chunk : reduction.chunksOf(owner)) {
      for (Contribution contribution : held) {
        if (reduction.isOver()) {
          return;
        }
        send(to, FrameHeader.Type.GRADIENT, contribution.index(), chunk, gradient(contribution));
      }
    }
  }

  private NDArray gradient(Contribution contribution) {
    NDArray gradient = reduction.gradient(contribution.index());
    if (gradient == null) {
      throw new DataPlaneException(
          "gradient of micro-batch " + contribution.index() + " is missing");
    }
    return gradient;
  }

  private void send(
      PeerConnection to, FrameHeader.Type type, int index, Chunk chunk, NDArray vector)
      throws IOException {
    try (Scope scope = Scope.open()) {
      NDArray part = TensorBuffers.narrow(scope, vector, chunk.offset(), chunk.elements());
      Staging.Slot slot = null;
      ByteBuffer payload;
      if (options.wire() == Wire.FP32) {
        payload = TensorBuffers.alias(part);
      } else {
        slot = staging.take();
        int bytes = chunk.elements() * options.wire().bytes();
        Wire.pack(scope, TensorBuffers.narrow(scope, slot.raw(), 0, bytes), part);
        payload = slot.bytes().limit(bytes);
      }
      CRC32C crc = new CRC32C();
      crc.update(payload.duplicate());
      FrameHeader header =
          new FrameHeader(
              type,
              options.wire(),
              reduction.key(),
              index,
              chunk.offset(),
              chunk.elements(),
              (int) crc.getValue());
      int bytes = payload.remaining();
      to.send(header, payload);
      reduction.sent(bytes);
      if (slot != null) {
        staging.give(slot);
      }
    }
  }

  private void add() throws InterruptedException {
    List<Contribution> all = reduction.plan().contributions();
    int expected = all.size() - reduction.held().size();
    float[] weights = new float[all.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = all.get(i).weight();
    }
    try (Scope outer = Scope.open()) {
      NDArray factors = outer.create(weights);
      for (Chunk chunk : reduction.own()) {
        Map<Integer, Staging.Slot> arrived = reduction.await(chunk, expected);
        if (arrived == null) {
          return;
        }
        try (Scope scope = Scope.open()) {
          List<NDArray> parts = new ArrayList<>();
          for (Contribution contribution : all) {
            parts.add(part(scope, contribution, chunk, arrived));
          }
          NDArray sum =
              TensorBuffers.narrow(scope, reduction.mean(), chunk.offset(), chunk.elements());
          ADD.callAll(scope, sum, parts, factors);
          if (options.wire() == Wire.BF16) {
            Wire.round(scope, sum, sum);
          }
        }
        reduction.added(chunk).forEach(staging::give);
      }
    }
  }

  private NDArray part(
      Scope scope, Contribution contribution, Chunk chunk, Map<Integer, Staging.Slot> arrived) {
    Staging.Slot slot = arrived.get(contribution.index());
    if (slot != null) {
      NDArray numbers = TensorBuffers.narrow(scope, slot.numbers(), 0, chunk.elements());
      if (options.wire() == Wire.BF16) {
        long bytes = (long) chunk.elements() * options.wire().bytes();
        Wire.unpack(scope, numbers, TensorBuffers.narrow(scope, slot.raw(), 0, bytes));
      }
      return numbers;
    }
    NDArray local =
        TensorBuffers.narrow(scope, gradient(contribution), chunk.offset(), chunk.elements());
    if (options.wire() == Wire.FP32) {
      return local;
    }
    NDArray rounded = scope.create(new float[chunk.elements()]);
    Wire.round(scope, rounded, local);
    return rounded;
  }

  private void sendMean(Endpoint other) throws IOException, InterruptedException {
    PeerConnection to = connections.apply(other);
    for (Chunk chunk : reduction.own()) {
      if (!reduction.awaitAdded(chunk)) {
        return;
      }
      send(to, FrameHeader.Type.MEAN, -1, chunk, reduction.mean());
    }
  }
}
