package io.rglcd.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A tensor's elements, row-major, as direct little-endian buffers of bounded length, for writing
 * and digesting tensors of any size. A contiguous CPU tensor is not copied: its buffers are windows
 * on its own memory, valid until this closes and to be read only. Another tensor is copied first
 * (from a device piece by piece).
 */
public final class TensorBytes implements Iterator<ByteBuffer>, AutoCloseable {

  private static final int MAX_PIECE = 1 << 28;

  private static final TorchFunction FLAT =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.reshape(torch.detach(x), [-1])
          """);

  private static final TorchFunction PIECE =
      TorchFunction.of(
          """
          def forward(self, flat: Tensor, begin: int, count: int) -> Tensor:
            return torch.narrow(flat, 0, begin, count).cpu()
          """);

  private final Scope scope = Scope.open();
  private final NDArray flat;
  private final int elementBytes;
  private final int maxPiece;
  private final long size;
  private long position;
  private Scope piece = scope.child();

  /** Over that tensor, which must stay open as long as this. */
  public TensorBytes(NDArray tensor) {
    this(tensor, MAX_PIECE);
  }

  /** With buffers of at most maxPiece bytes, a multiple of every element's size. */
  TensorBytes(NDArray tensor, int maxPiece) {
    this.maxPiece = maxPiece;
    this.flat = FLAT.call(scope, tensor);
    this.elementBytes = tensor.getDataType().getNumOfBytes();
    this.size = flat.size();
  }

  @Override
  public boolean hasNext() {
    return position < size;
  }

  /** The next elements; the buffer given before is invalid from here on. */
  @Override
  public ByteBuffer next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + size + " elements were given");
    }
    piece.close();
    piece = scope.child();
    long count = Math.min(size - position, maxPiece / elementBytes);
    NDArray part = PIECE.call(piece, flat, position, count);
    position += count;
    ByteBuffer bytes = JniUtils.getByteBuffer((PtNDArray) part, true);
    return bytes
        .slice(0, Math.toIntExact(count * elementBytes))
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    scope.close();
  }
}
