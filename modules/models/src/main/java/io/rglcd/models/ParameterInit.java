package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.random.CounterRandom;
import io.rglcd.tensor.random.Purpose;
import io.rglcd.tensor.random.RandomStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * First values as PyTorch's layers and so diffusers' networks take them: convolutions and linear
 * layers uniform within 1/sqrt(fan in) (Kaiming uniform with a = sqrt(5)), their biases too;
 * normalisations scale 1 and shift 0.
 *
 * <p>A parameter's values depend on the seed and its name alone, so a network with one parameter
 * more has the others unchanged.
 */
public final class ParameterInit {

  private static final String WEIGHT = "weight";
  private static final String BIAS = "bias";
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long ADDRESS = (1L << 56) - 1;

  private final ParameterLayout layout;
  private final CounterRandom random;

  /** The values that belong to a layout and a seed. */
  public ParameterInit(ParameterLayout layout, long seed) {
    this.layout = layout;
    this.random = CounterRandom.of(seed);
  }

  /** All parameters. */
  public Weights weights(Scope scope) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    layout.shapes().keySet().forEach(name -> tensors.put(name, parameter(scope, name)));
    return Weights.of(tensors);
  }

  /**
   * One parameter, such as the guidance embedding's projection that a teacher has not.
   *
   * @throws ModelException if the layout has no such name
   */
  public NDArray parameter(Scope scope, String name) {
    Values values = values(name);
    Shape shape = layout.shapes().get(name);
    float[] data = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < data.length; i++) {
      data[i] = values.next();
    }
    return scope.create(data, shape);
  }

  /** The parameter's values, in order. */
  Values values(String name) {
    Shape shape = layout.shapes().get(name);
    if (shape == null) {
      throw new ModelException("parameter " + name + " is not in the network");
    }
    Shape weight = name.endsWith(BIAS) ? weightOf(name) : shape;
    if (weight == null || weight.dimension() < 2) {
      return new Values(null, 0, name.endsWith(WEIGHT) ? 1 : 0);
    }
    double bound = 1 / Math.sqrt(weight.size() / (double) weight.get(0));
    return new Values(random.at(0, address(name), Purpose.INIT), bound, 0);
  }

  private Shape weightOf(String bias) {
    return layout.shapes().get(bias.substring(0, bias.length() - BIAS.length()) + WEIGHT);
  }

  /** FNV-1a of the name, cut to the length of a sample's address. */
  private static long address(String name) {
    long hash = FNV_OFFSET;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash & ADDRESS;
  }

  /** Uniform within a bound, or one constant. */
  static final class Values {

    private final RandomStream stream;
    private final double bound;
    private final float constant;

    private Values(RandomStream stream, double bound, float constant) {
      this.stream = stream;
      this.bound = bound;
      this.constant = constant;
    }

    float next() {
      return stream == null ? constant : (float) (bound * (2.0 * stream.nextFloat() - 1));
    }
  }
}
