package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The arithmetic of the in-process all-reduce, chunk by chunk: products and sums rounded one by
 * one, in the order of the contributions.
 */
final class Addition implements AutoCloseable {

  /** A part [P] is a whole vector; one that has arrived is a chunk, [1, chunk]. */
  private static final TorchFunction FP32 =
      TorchFunction.of(
          """
          def forward(self, mean: Tensor, parts: List[Tensor], weights: Tensor, scratch: Tensor,
                      start: int, length: int) -> List[Tensor]:
            sum = torch.narrow(mean, 0, start, length)
            product = torch.narrow(scratch[0], 0, 0, length)
            for i in range(torch.len(parts)):
              part = parts[i]
              if torch.dim(part) == 1:
                x = torch.narrow(part, 0, start, length)
              else:
                x = torch.narrow(part[0], 0, 0, length)
              if i == 0:
                torch.mul(x, weights[i], out=sum)
              else:
                torch.add_(sum, torch.mul(x, weights[i], out=product))
            return annotate(List[Tensor], [])
          """);

  /** Every part, and at last the sum, is rounded to bfloat16. */
  private static final TorchFunction BF16 =
      TorchFunction.of(
          """
          def forward(self, mean: Tensor, parts: List[Tensor], weights: Tensor, scratch: Tensor,
                      half: Tensor, start: int, length: int) -> List[Tensor]:
            sum = torch.narrow(mean, 0, start, length)
            product = torch.narrow(scratch[0], 0, 0, length)
            rounded = torch.narrow(half[0], 0, 0, length)
            for i in range(torch.len(parts)):
              part = parts[i]
              if torch.dim(part) == 1:
                torch.copy_(rounded, torch.narrow(part, 0, start, length))
                torch.copy_(product, rounded)
              else:
                torch.copy_(product, torch.narrow(part[0], 0, 0, length))
              if i == 0:
                torch.mul(product, weights[i], out=sum)
              else:
                torch.add_(sum, torch.mul_(product, weights[i]))
            torch.copy_(rounded, sum)
            torch.copy_(sum, rounded)
            return annotate(List[Tensor], [])
          """);

  private final Wire wire;
  private final Staging staging;
  private final Staging scratch;

  Addition(Wire wire, int chunkElements, Staging staging) {
    this.wire = wire;
    this.staging = staging;
    this.scratch = new Staging(Wire.FP32, chunkElements);
  }

  /**
   * Writes a chunk of the mean.
   *
   * @param arrived by micro-batch; the others are held here
   * @return CRC32C of the chunk as it travels
   */
  int add(Reduction reduction, Chunk chunk, Map<Integer, Staging.Slot> arrived) {
    List<Contribution> all = reduction.plan().contributions();
    List<NDArray> parts = new ArrayList<>();
    float[] factors = new float[all.size()];
    for (Contribution contribution : all) {
      factors[parts.size()] = contribution.weight();
      Staging.Slot slot = arrived.get(contribution.index());
      parts.add(slot == null ? reduction.gradient(contribution.index()) : slot.numbers());
    }
    NDArray mean = reduction.mean();
    Staging.Slot product = scratch.take();
    Staging.Slot half = staging.take();
    long start = chunk.offset();
    long length = chunk.elements();
    try (Scope scope = Scope.open()) {
      NDArray weights = scope.create(factors);
      if (wire == Wire.FP32) {
        FP32.callAll(scope, mean, parts, weights, product.numbers(), start, length);
        return checksum(reduction.meanBytes(chunk));
      }
      BF16.callAll(scope, mean, parts, weights, product.numbers(), half.numbers(), start, length);
      return checksum(half.bytes().limit(chunk.elements() * wire.bytes()));
    } finally {
      scratch.give(product);
      staging.give(half);
    }
  }

  /** CRC32C of what remains in a buffer, which is left as it is. */
  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    scratch.close();
  }
}
