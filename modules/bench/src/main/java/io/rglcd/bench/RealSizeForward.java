package io.rglcd.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.models.RandomModel;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Torch;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How long a network of Stable Diffusion 2.1's published size takes for one sample, and how much
 * memory. Needs about 4 GB on the disk and 5 GB of memory.
 */
public final class RealSizeForward {

  private static final String MODEL = "sd21-unet";
  private static final int TOKENS = 77;
  private static final int TEXT_WIDTH = 1024;
  private static final int CHANNELS = 4;
  private static final int[] LATENT_SIDES = {64, 96};

  private RealSizeForward() {}

  /**
   * Measures and prints.
   *
   * @param args the directory for the temporary weights; that of java.io.tmpdir by default
   */
  public static void main(String[] args) throws IOException {
    Path parent = Path.of(args.length == 0 ? System.getProperty("java.io.tmpdir") : args[0]);
    Path file = Files.createTempFile(parent, "rglcd-bench", ".safetensors");
    try (Scope scope = Scope.open()) {
      Torch.setIntraOpThreads(Runtime.getRuntime().availableProcessors());
      RandomModel.write(MODEL, file, 1);
      UNet2DCondition net = UNet2DCondition.of(RandomModel.config(MODEL));
      long start = System.nanoTime();
      Weights weights = WeightFiles.load(scope, file, net.layout());
      line("open %,d parameters: %.2f s", net.layout().size(), secondsSince(start));
      for (int side : LATENT_SIDES) {
        line("forward 1 x 4 x %d x %d: %.2f s", side, side, forward(scope, net, weights, side));
      }
      line("peak memory: %s", peakMemory());
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static double forward(Scope scope, UNet2DCondition net, Weights weights, int side) {
    try (Scope inner = scope.child()) {
      NDArray sample =
          inner.create(wave(CHANNELS * side * side), new Shape(1, CHANNELS, side, side));
      NDArray text = inner.create(wave(TOKENS * TEXT_WIDTH), new Shape(1, TOKENS, TEXT_WIDTH));
      NDArray timesteps = inner.create(new long[] {500});
      long start = System.nanoTime();
      float first = net.forward(inner, weights, sample, timesteps, text, null).toFloatArray()[0];
      double seconds = secondsSince(start);
      if (!Float.isFinite(first)) {
        throw new IllegalStateException("forward: " + first + " (expected: finite)");
      }
      return seconds;
    }
  }

  /** Values of about the spread of noise. */
  private static float[] wave(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (Math.sqrt(2) * Math.sin(i * 0.7));
    }
    return values;
  }

  /** VmHWM of this process as the kernel writes it. */
  private static String peakMemory() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> line.substring("VmHWM:".length()).strip())
        .findFirst()
        .orElse("not known on this system");
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void line(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
