package io.rglcd.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The names and shapes of a network's parameters in their original order, and where each lies in
 * one flat vector. Trained replicas live in such a vector: its gradient is one vector too, so the
 * optimiser, EMA, digests, reductions and snapshots are single operations or plain slices.
 */
public final class ParameterLayout {

  private final Map<String, Shape> shapes;
  private final Map<String, Long> offsets;
  private final long size;
  private final TorchFunction split;
  private final TorchFunction join;

  private ParameterLayout(Map<String, Shape> shapes) {
    this.shapes = shapes;
    this.offsets = new LinkedHashMap<>();
    long offset = 0;
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      offsets.put(entry.getKey(), offset);
      offset += entry.getValue().size();
    }
    this.size = offset;
    this.split = TorchFunction.of(splitSource(shapes));
    this.join =
        TorchFunction.of(
            """
        def forward(self, parts: List[Tensor]) -> Tensor:
          flat = annotate(List[Tensor], [])
          for part in parts:
            torch.append(flat, torch.reshape(part, [-1]))
          return torch.cat(flat)
        """);
  }

  /** The layout of parameters in the map's iteration order. */
  public static ParameterLayout of(Map<String, Shape> shapes) {
    return new ParameterLayout(new LinkedHashMap<>(shapes));
  }

  private static String splitSource(Map<String, Shape> shapes) {
    String sizes =
        shapes.values().stream()
            .map(s -> Long.toString(s.size()))
            .collect(Collectors.joining(", "));
    StringBuilder views = new StringBuilder();
    int i = 0;
    for (Shape shape : shapes.values()) {
      String dims =
          Arrays.stream(shape.getShape())
              .mapToObj(Long::toString)
              .collect(Collectors.joining(", "));
      views
          .append("  torch.append(r, torch.view(p[")
          .append(i++)
          .append("], [")
          .append(dims)
          .append("]))\n");
    }
    return "def forward(self, flat: Tensor) -> List[Tensor]:\n"
        + "  p = torch.split_with_sizes(flat, ["
        + sizes
        + "])\n"
        + "  r = annotate(List[Tensor], [])\n"
        + views
        + "  return r\n";
  }

  /** Name to shape, in order. */
  public Map<String, Shape> shapes() {
    return shapes;
  }

  /**
   * The index of the first element of that parameter in the flat vector.
   *
   * @throws TensorException if there is no such parameter
   */
  public long offset(String name) {
    Long offset = offsets.get(name);
    if (offset == null) {
      throw new TensorException("parameter unknown: " + name);
    }
    return offset;
  }

  /** Number of elements of all parameters together. */
  public long size() {
    return size;
  }

  /**
   * Views of a flat vector under the parameters' names; differentiable, no copy.
   *
   * @param flat [size]
   */
  public Weights bind(Scope scope, NDArray flat) {
    NDList views = split.callAll(scope, flat);
    Map<String, NDArray> named = new LinkedHashMap<>();
    int i = 0;
    for (String name : shapes.keySet()) {
      named.put(name, views.get(i++));
    }
    return Weights.of(named);
  }

  /**
   * A new flat vector with a copy of the named tensors.
   *
   * @return [size]
   * @throws TensorException naming a missing tensor or both shapes where they differ
   */
  public NDArray flatten(Scope scope, Weights weights) {
    List<NDArray> parts = new ArrayList<>();
    shapes.forEach(
        (name, shape) -> {
          NDArray part = weights.get(name);
          if (!part.getShape().equals(shape)) {
            throw new TensorException(
                "shape of " + name + ": " + part.getShape() + " (expected: " + shape + ")");
          }
          parts.add(part);
        });
    return join.call(scope, parts);
  }
}
