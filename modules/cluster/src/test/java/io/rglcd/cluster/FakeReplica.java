package io.rglcd.cluster;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.MicroBatch;
import io.rglcd.distill.MicroBatchLosses;
import io.rglcd.distill.Replica;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import io.rglcd.tensor.TorchFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/** A small learner on real tensors: pulls [P] weights towards values made of the pixels. */
public final class FakeReplica implements Replica {

  public static final long PARAMETERS = 1003;

  private static final TorchFunction GRADIENT =
      TorchFunction.of(
          """
          def forward(self, to: Tensor, w: Tensor, pixels: Tensor) -> Tensor:
            at = torch.arange(torch.numel(w), dtype=6)
            aim = torch.mean(torch.sin(torch.unsqueeze(pixels, 1) * torch.unsqueeze(at, 0)), 0)
            difference = torch.sub(w, aim)
            torch.copy_(to, difference)
            return torch.mean(torch.mul(difference, difference))
          """);

  private static final TorchFunction COMMIT =
      TorchFunction.of(
          """
          def forward(self, w: Tensor, moment: Tensor, g: Tensor) -> Tensor:
            norm = torch.norm(g)
            torch.mul_(g, 0.5)
            torch.add_(torch.mul_(moment, 0.9), g)
            torch.sub_(w, torch.mul(moment, 0.1))
            return norm
          """);

  private final Scope scope = Scope.open();
  private final NDArray weights = scope.manager().zeros(new Shape(PARAMETERS));
  private final NDArray moment = scope.manager().zeros(new Shape(PARAMETERS));
  private long step;

  @Override
  public long step() {
    return step;
  }

  @Override
  public long parameterCount() {
    return PARAMETERS;
  }

  @Override
  public MicroBatchLosses gradient(MicroBatch batch, NDArray gradient) {
    try (Scope inner = scope.child()) {
      NDArray pixels = inner.create(batch.images().values());
      double loss = GRADIENT.call(inner, gradient, weights, pixels).toFloatArray()[0];
      return new MicroBatchLosses(batch.size(), loss, 0, loss, true);
    }
  }

  @Override
  public CommitResult commit(NDArray meanGradient) {
    try (Scope inner = scope.child()) {
      double norm = COMMIT.call(inner, weights, moment, meanGradient).toFloatArray()[0];
      step++;
      return new CommitResult(step, norm, 0.1);
    }
  }

  @Override
  public String digest() {
    CRC32C crc = new CRC32C();
    TensorBuffers.forEachChunk(weights, crc::update);
    TensorBuffers.forEachChunk(moment, crc::update);
    return step + "-" + Long.toHexString(crc.getValue());
  }

  @Override
  public void save(Path directory) {
    ByteBuffer bytes = ByteBuffer.allocate((int) (8 + 8 * PARAMETERS)).putLong(step);
    for (float[] vector : new float[][] {weights.toFloatArray(), moment.toFloatArray()}) {
      for (float value : vector) {
        bytes.putFloat(value);
      }
    }
    try {
      Files.write(directory.resolve("state"), bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void restore(Path directory) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(directory.resolve("state")));
      step = bytes.getLong();
      for (NDArray vector : new NDArray[] {weights, moment}) {
        ByteBuffer to = TensorBuffers.alias(vector);
        for (int i = 0; i < PARAMETERS; i++) {
          to.putFloat(4 * i, bytes.getFloat());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<NDArray> vectors() {
    return List.of(weights, moment);
  }

  @Override
  public void overwritten(long now) {
    step = now;
  }

  @Override
  public NDArray newGradient(Scope owner) {
    return owner.manager().zeros(new Shape(PARAMETERS));
  }

  @Override
  public Scope scope() {
    return scope;
  }

  @Override
  public void close() {
    scope.close();
  }
}
