package io.rglcd.cluster.dataplane;

/** Sums by loops of the simple form that Java's compiler turns into vector instructions. */
abstract sealed class LoopSum extends BlockSum permits LoopFloat32Sum, LoopBfloat16Sum {

  private final float[] numbers = new float[SIZE];

  /** Reads numbers, as they are after their way. */
  abstract void read(Operand operand, int at, float[] numbers, int count);

  @Override
  final void multiply(Operand operand, int at, float weight, float[] sum, int count) {
    read(operand, at, numbers, count);
    multiply(numbers, weight, sum, count);
  }

  @Override
  final void add(Operand operand, int at, float weight, float[] sum, int count) {
    read(operand, at, numbers, count);
    add(numbers, weight, sum, count);
  }

  private static void multiply(float[] numbers, float weight, float[] sum, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = numbers[i] * weight;
    }
  }

  /** Java never fuses the two operations. */
  private static void add(float[] numbers, float weight, float[] sum, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = sum[i] + numbers[i] * weight;
    }
  }
}
