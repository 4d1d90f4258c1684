package io.rglcd.tensor;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.ScriptCall;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A function over tensors, compiled at run time from TorchScript text.
 *
 * <p>Everything that DJL lacks (group norm, attention, fused optimisers, gradients as values) is
 * written this way. The text is a {@code forward} method:
 *
 * <pre>{@code
 * TorchFunction.of("""
 *     def forward(self, x: Tensor, w: List[Tensor]) -> Tensor:
 *       return torch.silu(torch.group_norm(x, 32, w[0], w[1], 1e-05))
 *     """)
 * }</pre>
 *
 * <p>Intermediates live inside the interpreter and are freed by reference counting, so a function
 * costs one native handle per result. Calls record autograd exactly when the calling thread's grad
 * mode is on ({@link Autograd}). Instances are cached by source text, immutable and safe to call
 * from several threads.
 */
public final class TorchFunction {

  private static final ConcurrentHashMap<String, TorchFunction> CACHE = new ConcurrentHashMap<>();

  private final PtSymbolBlock module;

  private TorchFunction(PtSymbolBlock module) {
    this.module = module;
  }

  /**
   * Compiles the text, or returns the function compiled from the same text before.
   *
   * @param forward a {@code def forward(self, ...)} in TorchScript, indented in any way that is
   *     consistent
   * @throws TensorException if it does not compile; the message holds the compiler's words
   */
  public static TorchFunction of(String forward) {
    return CACHE.computeIfAbsent(forward, TorchFunction::compile);
  }

  private static TorchFunction compile(String forward) {
    try {
      PtNDManager system = (PtNDManager) Torch.engine().newBaseManager(Device.cpu());
      PtSymbolBlock module = JniUtils.loadModule(system, ScriptArchive.of(forward), true, false);
      return new TorchFunction(module);
    } catch (IOException | RuntimeException e) {
      throw new TensorException("TorchScript does not compile: " + e.getMessage(), e);
    }
  }

  /**
   * Calls a function that returns one tensor.
   *
   * @param scope owns the result
   * @param arguments {@link NDArray}, {@code List<NDArray>}, {@link Long}, {@link Double} or {@link
   *     Boolean}, in the order of the text
   * @throws TensorException if the engine refuses (shapes, types)
   */
  public NDArray call(Scope scope, Object... arguments) {
    return callAll(scope, arguments).singletonOrThrow();
  }

  /** Calls a function that returns a tuple or list of tensors, or nothing. */
  public NDList callAll(Scope scope, Object... arguments) {
    Torch.prepareThread();
    try {
      return ScriptCall.run(module, (PtNDManager) scope.manager(), arguments);
    } catch (EngineException e) {
      throw new TensorException(String.valueOf(e.getMessage()).strip(), e);
    }
  }
}
