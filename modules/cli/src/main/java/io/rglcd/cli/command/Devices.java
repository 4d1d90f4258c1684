package io.rglcd.cli.command;

import ai.djl.Device;
import io.rglcd.cluster.TrainingException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The devices that a node's replicas compute on, as {@code --devices} names them. */
public sealed interface Devices {

  /**
   * {@code cpu:N}: as many replicas, all of them on the CPU.
   *
   * @param replicas 1 to 9999
   */
  record Cpu(int replicas) implements Devices {

    @Override
    public List<Device> list(int gpus) {
      return Collections.nCopies(replicas, Device.cpu());
    }
  }

  /** {@code gpu:all}: a replica on each GPU. */
  record AllGpus() implements Devices {

    @Override
    public List<Device> list(int gpus) {
      requireGpu("gpu:all", 0, gpus);
      return IntStream.range(0, gpus).mapToObj(Device::gpu).toList();
    }
  }

  /**
   * {@code gpu:0,2}: a replica on each of these GPUs.
   *
   * @param indices from 0, no two of them equal
   */
  record Gpus(List<Integer> indices) implements Devices {

    /** Copies the list. */
    public Gpus {
      indices = List.copyOf(indices);
    }

    @Override
    public List<Device> list(int gpus) {
      String text =
          indices.stream().map(String::valueOf).collect(Collectors.joining(",", "gpu:", ""));
      indices.forEach(index -> requireGpu(text, index, gpus));
      return indices.stream().map(Device::gpu).toList();
    }
  }

  /**
   * The devices, in the order of their replicas.
   *
   * @param gpus how many there are
   * @throws TrainingException saying which GPU is not there and what to do
   */
  List<Device> list(int gpus);

  /**
   * Reads {@code cpu:N}, {@code gpu:all} or {@code gpu:I,J,...}.
   *
   * @throws IllegalArgumentException naming the text and what is expected
   */
  static Devices parse(String text) {
    if (text.equals("gpu:all")) {
      return new AllGpus();
    }
    if (Syntax.CPU.matcher(text).matches()) {
      return new Cpu(Integer.parseInt(text.substring("cpu:".length())));
    }
    if (Syntax.GPUS.matcher(text).matches()) {
      List<Integer> indices =
          Arrays.stream(text.substring("gpu:".length()).split(",")).map(Integer::valueOf).toList();
      if (indices.stream().distinct().count() == indices.size()) {
        return new Gpus(indices);
      }
    }
    throw new IllegalArgumentException(
        "--devices: '"
            + text
            + "' (expected: cpu:N with N from 1, gpu:all, or gpu:I,J,... with different indices"
            + " from 0)");
  }

  private static void requireGpu(String text, int index, int gpus) {
    if (index >= gpus) {
      throw new TrainingException(
          "--devices "
              + text
              + (gpus == 0
                  ? ": no GPU is visible to PyTorch"
                  : ": GPU " + index + " is not visible to PyTorch, which sees " + gpus)
              + " (expected: an NVIDIA driver and libtorch with CUDA as docs/cluster.md says, or"
              + " --devices cpu:N)");
    }
  }

  /** What the texts look like. */
  final class Syntax {

    private static final Pattern CPU = Pattern.compile("cpu:[1-9][0-9]{0,3}");
    private static final Pattern GPUS = Pattern.compile("gpu:[0-9]{1,3}(,[0-9]{1,3})*");

    private Syntax() {}
  }
}
