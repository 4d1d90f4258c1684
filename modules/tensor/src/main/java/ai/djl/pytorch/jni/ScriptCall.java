package ai.djl.pytorch.jni;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import java.util.List;

/**
 * Calls a TorchScript method under the calling thread's own grad mode.
 *
 * <p>This one class lives in DJL's package because {@code IValueUtils.runMethod} forces inference
 * mode (its results can never enter autograd) and {@code IValueUtils.forward} guesses argument
 * types from array names and puts results into the first argument's manager. See
 * docs/decisions/0002-torchscript-functions.md.
 */
public final class ScriptCall {

  private ScriptCall() {}

  /**
   * Runs {@code forward}.
   *
   * @param module the compiled module
   * @param manager the manager that will own the results
   * @param arguments {@link NDArray}, {@code List<NDArray>} (a {@code List[Tensor]}), {@link Long},
   *     {@link Double} or {@link Boolean}
   * @return the tensor, or the tensors of the returned tuple or list; empty for {@code None}
   */
  public static NDList run(PtSymbolBlock module, PtNDManager manager, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    try {
      long[] handles = new long[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        values[i] = toIValue(arguments[i]);
        handles[i] = values[i].getHandle();
      }
      long result =
          PyTorchLibrary.LIB.moduleRunMethod(module.getHandle(), "forward", handles, true, false);
      try (IValue value = new IValue(result)) {
        return value.toNDList(manager);
      }
    } finally {
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private static IValue toIValue(Object argument) {
    if (argument instanceof NDArray) {
      return IValue.from((PtNDArray) argument);
    }
    if (argument instanceof List) {
      return IValue.listFrom(((List<?>) argument).toArray(new PtNDArray[0]));
    }
    if (argument instanceof Long) {
      return IValue.from((long) argument);
    }
    if (argument instanceof Double) {
      return IValue.from((double) argument);
    }
    if (argument instanceof Boolean) {
      return IValue.from((boolean) argument);
    }
    throw new IllegalArgumentException(
        "argument type: "
            + (argument == null ? "null" : argument.getClass().getName())
            + " (expected: NDArray, List<NDArray>, Long, Double or Boolean)");
  }
}
