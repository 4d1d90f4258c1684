package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.random.CounterRandom;
import io.rglcd.tensor.random.Purpose;
import java.util.List;

/**
 * The random draws of Algorithm 3, keyed by (run seed, epoch, sample, purpose): a sample's noise,
 * timestep and guidance scale do not depend on which worker draws them, nor on how often.
 */
final class RandomDraws {

  private final CounterRandom random;

  RandomDraws(long seed) {
    this.random = CounterRandom.of(seed);
  }

  /** Standard normal values, [B, shape...] float32. */
  NDArray normal(Scope scope, MicroBatch batch, Purpose purpose, Shape shape) {
    int each = Math.toIntExact(shape.size());
    float[] values = new float[each * batch.size()];
    for (int i = 0; i < batch.size(); i++) {
      random
          .at(batch.epoch(), batch.sampleIds().get(i), purpose)
          .fillNormal(values, i * each, each);
    }
    return scope.create(values, new Shape(batch.size()).addAll(shape));
  }

  /** Indices of the solver's grid, uniform in [0, bound): [B] int64. */
  NDArray timestepIndex(Scope scope, MicroBatch batch, int bound) {
    List<Long> ids = batch.sampleIds();
    long[] index = new long[ids.size()];
    for (int i = 0; i < index.length; i++) {
      index[i] = random.at(batch.epoch(), ids.get(i), Purpose.TIMESTEP).nextInt(bound);
    }
    return scope.create(index);
  }

  /** Uniform values in [0,1), from which the guidance scale is made: [B] float32. */
  NDArray guidanceUniform(Scope scope, MicroBatch batch) {
    List<Long> ids = batch.sampleIds();
    float[] uniform = new float[ids.size()];
    for (int i = 0; i < uniform.length; i++) {
      uniform[i] = random.at(batch.epoch(), ids.get(i), Purpose.GUIDANCE).nextFloat();
    }
    return scope.create(uniform);
  }
}
