package io.rglcd.tensor;

import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts the engine once and gives every thread the same defaults. */
public final class Torch {

  private static final ThreadLocal<AtomicInteger> PREPARED_WITH_THREADS =
      ThreadLocal.withInitial(
          () -> {
            engine();
            // Per thread in libtorch. The profiling executor would specialise on the first shapes
            // it sees and may fuse, so that the first calls round differently from the later ones.
            JniUtils.setGraphExecutorOptimize(false);
            // On by default in a fresh thread, off in the thread that loaded the engine.
            JniUtils.setGradMode(false);
            return new AtomicInteger();
          });

  private static volatile int intraOpThreads;

  private Torch() {}

  /** DJL's PyTorch engine, loaded from the class path; never asks the network. */
  public static Engine engine() {
    return Holder.ENGINE;
  }

  /**
   * GPUs that tensors can be made on, numbered from 0: none where libtorch is built for CPUs only,
   * or where no driver answers. DJL counts them with libcudart, which the linker has to find.
   */
  public static int gpus() {
    Engine engine = engine();
    return engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
  }

  /** Makes the calling thread record nothing and run functions as written. Cheap when repeated. */
  public static void prepareThread() {
    AtomicInteger applied = PREPARED_WITH_THREADS.get();
    int wanted = intraOpThreads;
    if (applied.get() != wanted) {
      // OpenMP keeps this number by thread, and libtorch's convolutions and matrix products start
      // with all cores in a thread that was never told.
      JniUtils.setNumThreads(wanted);
      applied.set(wanted);
    }
  }

  /**
   * Sets how many threads one operation may use, for every thread of the process from its next
   * function call on. Results are bit-equal only between runs with the same number.
   *
   * @throws IllegalArgumentException if less than 1
   */
  public static void setIntraOpThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("intra-op threads: " + threads + " (expected: >= 1)");
    }
    intraOpThreads = threads;
    prepareThread();
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
