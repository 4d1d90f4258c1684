package io.rglcd.distill;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import io.rglcd.tensor.TensorException;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import io.rglcd.tensor.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * C_s: the student's weights, the optimiser's moments and the EMA target after s committed updates,
 * each one flat float32 vector [P] in the student's parameter order, all on one device.
 */
public final class TrainingState {

  /** Name of the file that {@link #save} writes. */
  public static final String FILE = "state.safetensors";

  private static final String STEP = "step";

  private final ParameterLayout layout;
  private final OptimizerOptions options;
  private final NDArray student;
  private final NDArray target;
  private final AdamW adamW;
  private long step;

  /**
   * The state before the first update: target = student, zero moments.
   *
   * @param scope owns the state
   * @param student [P] float32; becomes part of the state
   * @param target [P] float32; becomes part of the state
   */
  public TrainingState(
      Scope scope,
      ParameterLayout layout,
      OptimizerOptions options,
      NDArray student,
      NDArray target) {
    this.layout = layout;
    this.options = options;
    this.student = student;
    this.target = target;
    this.adamW = new AdamW(scope, options.adamW(), layout.size());
  }

  /**
   * Clips, applies AdamW, then EMA, and counts the update. The gradient is clipped where it lies,
   * so that replicas on different devices apply the same bits.
   *
   * @param meanGradient [P] float32 on any device; scaled in place when it is clipped
   */
  public CommitResult commit(NDArray meanGradient) {
    double norm = GradientClipping.clip(layout, meanGradient, options.maxGradNorm());
    double rate = options.rate(step);
    try (Scope scope = Scope.open(student.getDevice())) {
      adamW.step(student, scope.here(meanGradient), step + 1, rate);
    }
    Ema.update(target, student, options.emaDecay());
    step++;
    return new CommitResult(step, norm, rate);
  }

  /** CRC32C of each of the four vectors, 8 hexadecimal digits each, after the step number. */
  public String digest() {
    StringBuilder digest = new StringBuilder(Long.toString(step));
    vectors()
        .values()
        .forEach(
            vector -> {
              CRC32C crc = new CRC32C();
              TensorBuffers.forEachChunk(vector, crc::update);
              digest.append('-').append(String.format("%08x", crc.getValue()));
            });
    return digest.toString();
  }

  /** Writes {@value #FILE} into an existing directory, atomically. */
  public void save(Path directory) {
    SafetensorsWriter.write(directory.resolve(FILE), vectors(), Map.of(STEP, Long.toString(step)));
  }

  /**
   * Replaces this state by one that {@link #save} wrote, on whatever device.
   *
   * @throws TensorException if a vector is missing or has another length
   */
  public void restore(Path directory) {
    Path path = directory.resolve(FILE);
    try (SafetensorsFile file = SafetensorsFile.open(path);
        Scope scope = Scope.open(Device.cpu())) {
      String saved = file.metadata().get(STEP);
      if (saved == null) {
        throw new TensorException(path + " is not a training state: it names no step");
      }
      Map<String, NDArray> found = new LinkedHashMap<>();
      vectors()
          .forEach((name, vector) -> found.put(name, readLike(scope, file, path, name, vector)));
      vectors().forEach((name, vector) -> TensorBuffers.copy(found.get(name), vector));
      step = Long.parseLong(saved);
    }
  }

  private static NDArray readLike(
      Scope scope, SafetensorsFile file, Path path, String name, NDArray vector) {
    if (!file.tensors().containsKey(name)) {
      throw new TensorException(path + " is not a training state: it has no tensor " + name);
    }
    NDArray read = file.read(scope, name);
    if (!read.getShape().equals(vector.getShape())) {
      throw new TensorException(
          path
              + ": shape of "
              + name
              + ": "
              + read.getShape()
              + " (expected: "
              + vector.getShape()
              + "); it was written by a run with another network");
    }
    return read;
  }

  /** Copies the values of another state of the same layout into this one. */
  public void copyFrom(TrainingState other) {
    Map<String, NDArray> theirs = other.vectors();
    vectors().forEach((name, vector) -> TensorBuffers.copy(theirs.get(name), vector));
    step = other.step;
  }

  /** The vectors have been overwritten with those of a state after so many updates. */
  void overwritten(long now) {
    step = now;
  }

  /** The vectors by name, always in the same order. */
  Map<String, NDArray> vectors() {
    Map<String, NDArray> vectors = new LinkedHashMap<>();
    vectors.put("student", student);
    vectors.put("target", target);
    vectors.put("exp_avg", adamW.firstMoment());
    vectors.put("exp_avg_sq", adamW.secondMoment());
    return vectors;
  }

  /** Names and shapes of the student's parameters. */
  public ParameterLayout layout() {
    return layout;
  }

  /** The student's weights, [P] float32. */
  public NDArray student() {
    return student;
  }

  /** The EMA target's weights, [P] float32. */
  public NDArray target() {
    return target;
  }

  /** Number of committed updates. */
  public long step() {
    return step;
  }
}
