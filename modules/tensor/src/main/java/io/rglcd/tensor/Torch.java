package io.rglcd.tensor;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** Starts the engine once and gives every thread the same defaults. */
public final class Torch {

  private static final ThreadLocal<Boolean> PREPARED =
      ThreadLocal.withInitial(
          () -> {
            engine();
            // Per thread in libtorch. The profiling executor would specialise on the first shapes
            // it
            // sees and may fuse, so that the first calls round differently from the later ones.
            JniUtils.setGraphExecutorOptimize(false);
            // On by default in a fresh thread, off in the thread that loaded the engine.
            JniUtils.setGradMode(false);
            return true;
          });

  private Torch() {}

  /** DJL's PyTorch engine, loaded from the class path; never asks the network. */
  public static Engine engine() {
    return Holder.ENGINE;
  }

  /** Makes the calling thread record nothing and run functions as written. Cheap when repeated. */
  public static void prepareThread() {
    PREPARED.get();
  }

  /**
   * Sets how many threads one operation may use, for the whole process. Results are bit-equal only
   * between runs with the same number.
   *
   * @throws IllegalArgumentException if less than 1
   */
  public static void setIntraOpThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("intra-op threads: " + threads + " (expected: >= 1)");
    }
    engine();
    JniUtils.setNumThreads(threads);
  }

  private static final class Holder {
    private static final Engine ENGINE = load();

    private static Engine load() {
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      return Engine.getEngine("PyTorch");
    }
  }
}
