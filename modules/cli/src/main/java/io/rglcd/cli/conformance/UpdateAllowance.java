package io.rglcd.cli.conformance;

import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.ParameterLayout;
import java.util.Map;

/**
 * How far rounding may move each weight in a few AdamW updates.
 *
 * <p>Adam divides by the root of the second moment, so its first updates are about lr * sign(g): an
 * entry whose gradient is smaller than the rounding of its tensor's gradient may go either way.
 * With e the rounding of a gradient entry and s the root of the bias-corrected second moment, an
 * update is uncertain by about lr * min(2, e / s); the sum over the updates is allowed. Entries
 * with a clear gradient, nearly all of them, are held to a small part of lr.
 */
final class UpdateAllowance {

  /** Rounding of a gradient entry, as a part of the largest entry of its tensor. */
  private static final double OF_TENSOR = 3e-4;

  /** The same as a part of the largest entry of all tensors. */
  private static final double OF_ALL = 1e-6;

  /** Rounding of a stored weight, as a part of its own size. */
  private static final double OF_WEIGHT = 3e-7;

  private static final double BETA2 = 0.999;

  private final ParameterLayout layout;
  private final double learningRate;
  private final double emaDecay;
  private final double[] secondMoment;
  private final double[] student;
  private final double[] target;
  private int updates;

  UpdateAllowance(ParameterLayout layout, double learningRate, double emaDecay) {
    int size = Math.toIntExact(layout.size());
    this.layout = layout;
    this.learningRate = learningRate;
    this.emaDecay = emaDecay;
    this.secondMoment = new double[size];
    this.student = new double[size];
    this.target = new double[size];
  }

  /**
   * Accounts for one update of student and target.
   *
   * @param gradient after clipping, [P]
   */
  void update(ParameterValues gradient) {
    updates++;
    double correction = 1 - Math.pow(BETA2, updates);
    double ofAll = OF_ALL * gradient.max();
    for (Map.Entry<String, Shape> entry : layout.shapes().entrySet()) {
      double rounding = OF_TENSOR * gradient.of(entry.getKey()).max() + ofAll;
      int begin = Math.toIntExact(layout.offset(entry.getKey()));
      int end = begin + Math.toIntExact(entry.getValue().size());
      for (int i = begin; i < end; i++) {
        double g = gradient.flat()[i];
        secondMoment[i] = BETA2 * secondMoment[i] + (1 - BETA2) * g * g;
        double scale = Math.sqrt(secondMoment[i] / correction);
        student[i] += learningRate * Math.min(2, scale == 0 ? 2 : rounding / scale);
        target[i] = emaDecay * target[i] + (1 - emaDecay) * student[i];
      }
    }
  }

  /** What is allowed at each entry of a student parameter with those values. */
  double[] ofStudent(String name, TensorValues values) {
    return slice(student, name, values);
  }

  /** What is allowed at each entry of a target parameter with those values. */
  double[] ofTarget(String name, TensorValues values) {
    return slice(target, name, values);
  }

  private double[] slice(double[] all, String name, TensorValues values) {
    int begin = Math.toIntExact(layout.offset(name));
    double[] allowed = new double[values.entries().length];
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] =
          all[begin + i] + OF_WEIGHT * Math.abs(values.entries()[i]) + OF_WEIGHT * learningRate;
    }
    return allowed;
  }
}
