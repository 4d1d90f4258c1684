package io.rglcd.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The case schedule_sd: tables, conversions, scalings, embedding and losses of the original. */
class ScheduleGoldenTest {

  private static final Path CASE = Path.of("src/test/resources/golden/schedule_sd");

  private Scope scope;
  private SafetensorsFile io;
  private NoiseSchedule schedule;

  @BeforeEach
  void open() throws IOException {
    scope = Scope.open();
    io = SafetensorsFile.open(CASE.resolve("io.safetensors"));
    JsonNode config = new ObjectMapper().readTree(CASE.resolve("scheduler_config.json").toFile());
    schedule = NoiseSchedule.of(SchedulerConfig.of(config));
  }

  @AfterEach
  void close() {
    scope.close();
    io.close();
  }

  private NDArray tensor(String name) {
    return io.read(scope, name);
  }

  private static double[] values(NDArray array) {
    if (array.getDataType() == DataType.FLOAT64) {
      return array.toDoubleArray();
    }
    float[] floats = array.toFloatArray();
    double[] values = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  private void check(String name, NDArray got, double abs, double rel) {
    NDArray expected = tensor(name);
    assertThat(got.getShape()).as(name).isEqualTo(expected.getShape());
    assertThat(got.getDataType()).as(name).isEqualTo(expected.getDataType());
    double[] want = values(expected);
    double[] have = values(got);
    for (int i = 0; i < want.length; i++) {
      assertThat(Math.abs(have[i] - want[i]))
          .as("error of %s[%d]", name, i)
          .isLessThanOrEqualTo(abs + rel * Math.abs(want[i]));
    }
  }

  @Test
  void tablesEqualDiffusers() {
    check("betas", schedule.betas(), 0, 1e-6);
    check("alphas_cumprod", schedule.alphasCumprod(), 0, 1e-6);
    check("alpha_schedule", schedule.alphas(), 0, 1e-6);
    check("sigma_schedule", schedule.sigmas(), 0, 1e-6);
  }

  @Test
  void solverEqualsTheOfficialCode() {
    DdimSolver solver = DdimSolver.of(schedule, 50);
    NDArray index = tensor("index");
    check("solver.ddim_alpha_cumprods", solver.alphaCumprods(), 0, 1e-6);
    check("solver.ddim_alpha_cumprods_prev", solver.alphaCumprodsPrev(), 0, 1e-6);
    assertThat(solver.timesteps().toLongArray())
        .containsExactly(tensor("solver.ddim_timesteps").toLongArray());
    assertThat(solver.startTimesteps(scope, index).toLongArray())
        .containsExactly(tensor("index.start_timesteps").toLongArray());
    assertThat(solver.endTimesteps(scope, index).toLongArray())
        .containsExactly(tensor("index.end_timesteps").toLongArray());
    check("ddim_step.out", solver.step(scope, tensor("x0"), tensor("noise"), index), 1e-5, 0);
  }

  @Test
  void noiseIsAddedAsInDiffusers() {
    check(
        "add_noise.out",
        schedule.addNoise(scope, tensor("x0"), tensor("noise"), tensor("timesteps")),
        1e-5,
        0);
  }

  @Test
  void everyPredictionTypeConvertsAsTheOfficialCode() {
    NDArray output = tensor("model_output");
    NDArray t = tensor("timesteps");
    NDArray z = tensor("x0");
    for (PredictionType type : PredictionType.values()) {
      String name = type.configName();
      check(
          "predicted_origin." + name,
          type.predictedOrigin(scope, schedule, output, t, z),
          1e-5,
          1e-5);
      check(
          "predicted_noise." + name,
          type.predictedNoise(scope, schedule, output, t, z),
          1e-5,
          1e-5);
    }
  }

  @Test
  void boundaryScalingsEqualTheOfficialCode() {
    for (double scaling : new double[] {10, 1}) {
      BoundaryScalings at = BoundaryScalings.at(scope, tensor("boundary_timesteps"), scaling);
      check("boundary.c_skip.s" + scaling, at.skip(), 0, 1e-6);
      check("boundary.c_out.s" + scaling, at.out(), 0, 1e-6);
    }
  }

  @Test
  void guidanceEmbeddingEqualsTheOfficialCode() {
    for (int dim : List.of(256, 16, 17, 512)) {
      check("w_embedding." + dim, GuidanceEmbedding.embed(scope, tensor("w"), dim), 1e-3, 0);
    }
  }

  @Test
  void lossesAndTheirGradientsEqualTheOfficialCode() {
    NDArray target = tensor("loss_target");
    NDArray one = scope.create(1f);
    for (double c : new double[] {0.001, 0.1}) {
      NDArray pred = Autograd.leaf(scope, tensor("loss_pred"));
      NDArray loss = Autograd.recording(() -> ConsistencyLoss.huber(scope, pred, target, c));
      check("huber." + c, loss, 0, 1e-6);
      check("huber." + c + ".grad_pred", Autograd.gradient(scope, loss, pred, one), 1e-8, 1e-5);
    }
    NDArray pred = Autograd.leaf(scope, tensor("loss_pred"));
    NDArray loss = Autograd.recording(() -> ConsistencyLoss.l2(scope, pred, target));
    check("l2", loss, 0, 1e-6);
    check("l2.grad_pred", Autograd.gradient(scope, loss, pred, one), 1e-8, 1e-5);
  }
}
