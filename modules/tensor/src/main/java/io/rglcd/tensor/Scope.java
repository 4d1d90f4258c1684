package io.rglcd.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Owns native tensors and frees them when it closes.
 *
 * <p>Every method that makes tensors takes the scope it makes them in; whoever opens a scope closes
 * it. Closing a handle never breaks a gradient: autograd keeps what it needs by itself, so networks
 * open a child scope a block in both modes and {@link #keep} only the block's result.
 *
 * <pre>{@code
 * try (Scope scope = parent.child()) {
 *   NDArray h = first.call(scope, x);
 *   return scope.keep(second.call(scope, h));
 * }
 * }</pre>
 *
 * <p>Not thread-safe: one thread uses a scope at a time.
 */
public final class Scope implements AutoCloseable {

  private static final TorchFunction COPY =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.clone(x)
          """);

  private static final TorchFunction TO_DEVICE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, there: Tensor) -> Tensor:
            return torch.to(x, there.device)
          """);

  private final NDManager manager;

  private Scope(NDManager manager) {
    this.manager = manager;
  }

  /** A root scope on the CPU. */
  public static Scope open() {
    return open(Device.cpu());
  }

  /** A root scope whose tensors are made on the given device. */
  public static Scope open(Device device) {
    return new Scope(Torch.engine().newBaseManager(device));
  }

  /** A scope that closes with this one at the latest. */
  public Scope child() {
    return new Scope(manager.newSubManager());
  }

  /**
   * A tensor with a copy of Java data, in memory of its own. DJL's {@code NDManager.create} lends
   * the engine a buffer of the JVM instead, which is freed with the handle even where a recorded
   * graph or a view still reads it.
   *
   * @param data in C order
   * @return float32 of that shape
   */
  public NDArray create(float[] data, Shape shape) {
    return owned(manager.create(data, shape));
  }

  /** {@link #create(float[], Shape)} in one dimension. */
  public NDArray create(float[] data) {
    return create(data, new Shape(data.length));
  }

  /** A float32 scalar. */
  public NDArray create(float value) {
    return create(new float[] {value}, new Shape());
  }

  /**
   * {@link #create(float[], Shape)} for integers.
   *
   * @return int64 of that shape
   */
  public NDArray create(long[] data, Shape shape) {
    return owned(manager.create(data, shape));
  }

  /** {@link #create(long[], Shape)} in one dimension. */
  public NDArray create(long[] data) {
    return create(data, new Shape(data.length));
  }

  /**
   * {@link #create(float[], Shape)} in double precision.
   *
   * @return float64 in one dimension
   */
  public NDArray create(double[] data) {
    return owned(manager.create(data));
  }

  private NDArray owned(NDArray lent) {
    try (NDArray source = lent) {
      return COPY.call(this, source);
    }
  }

  /**
   * The same values on this scope's device: the tensor's own memory where it is there already, else
   * a copy.
   */
  public NDArray here(NDArray array) {
    try (NDArray there = manager.zeros(new Shape())) {
      return TO_DEVICE.call(this, array, there);
    }
  }

  /** The DJL manager behind this scope, for zeros and for lent buffers that outlive their use. */
  public NDManager manager() {
    return manager;
  }

  /** Moves a tensor of this scope to its parent, so that it outlives this scope. */
  public NDArray keep(NDArray array) {
    array.attach(manager.getParentManager());
    return array;
  }

  /** Moves tensors of this scope to its parent, so that they outlive this scope. */
  public NDList keep(NDList arrays) {
    arrays.attach(manager.getParentManager());
    return arrays;
  }

  /** Moves a tensor from wherever it lives into this scope. */
  public NDArray adopt(NDArray array) {
    array.attach(manager);
    return array;
  }

  /** Frees every tensor that still belongs to this scope or a child of it. */
  @Override
  public void close() {
    manager.close();
  }
}
