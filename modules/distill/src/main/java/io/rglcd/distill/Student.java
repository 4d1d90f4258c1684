package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import io.rglcd.models.ParameterInit;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The student before training: the teacher's weights, and a new projection of the guidance
 * embedding as the network initialises it.
 *
 * @param net its definition, with time_cond_proj_dim
 * @param weights under its names; those it shares with the teacher are the teacher's own tensors
 */
public record Student(UNet2DCondition net, Weights weights) {

  /**
   * Derives a student.
   *
   * @param scope owns the new projection
   * @param timeCondProjDim width of the guidance embedding
   * @param seed of the new projection
   */
  public static Student of(Scope scope, FrozenModels teacher, int timeCondProjDim, long seed) {
    UNet2DCondition net =
        UNet2DCondition.of(teacher.unet().config().withTimeCondProjDim(timeCondProjDim));
    ParameterInit init = new ParameterInit(net.layout(), seed);
    Map<String, NDArray> weights = new LinkedHashMap<>();
    for (String name : net.layout().shapes().keySet()) {
      weights.put(
          name,
          teacher.unetWeights().has(name)
              ? teacher.unetWeights().get(name)
              : init.parameter(scope, name));
    }
    return new Student(net, Weights.of(weights));
  }
}
