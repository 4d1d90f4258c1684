package io.rglcd.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerConfigTest {

  private static SchedulerConfig config(String json) {
    try {
      return SchedulerConfig.of(new ObjectMapper().readTree(json.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void whatIsWrittenIsReadBack() {
    SchedulerConfig config =
        config(
            "{'num_train_timesteps':3,'beta_start':0.1,'beta_end':0.2,'beta_schedule':'linear',"
                + "'trained_betas':[0.1,0.2,0.3],'prediction_type':'sample','steps_offset':1,"
                + "'set_alpha_to_one':false,'timestep_spacing':'trailing','timestep_scaling':9.5,"
                + "'original_inference_steps':2}");
    assertThat(config.trainedBetas()).containsExactly(0.1, 0.2, 0.3);
    assertThat(SchedulerConfig.of(config.toJson())).isEqualTo(config);
    assertThat(SchedulerConfig.of(config("{}").toJson())).isEqualTo(config("{}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'num_train_timesteps':0} | num_train_timesteps: 0 (expected: >= 1)",
        "{'num_train_timesteps':'many'} | num_train_timesteps: \"many\" (expected: an int)",
        "{'num_train_timesteps':10.5} | num_train_timesteps: 10.5 (expected: an int)",
        "{'beta_end':1} | beta_end: 1.0 (expected: between 0 and 1)",
        "{'beta_start':'x'} | beta_start: \"x\" (expected: a number)",
        "{'beta_schedule':'exp'} | beta_schedule: exp (expected: linear, scaled_linear or"
            + " squaredcos_cap_v2)",
        "{'prediction_type':'flow'} | prediction_type: flow (expected: epsilon, sample or"
            + " v_prediction)",
        "{'timestep_spacing':'odd'} | timestep_spacing: odd (expected: leading, trailing or"
            + " linspace)",
        "{'clip_sample':true} | clip_sample: true (expected: false, the only value supported)",
        "{'set_alpha_to_one':1} | set_alpha_to_one: 1 (expected: true or false)",
        "{'trained_betas':[0.1]} | trained_betas: 1 numbers (expected: 1000, one a training"
            + " timestep)",
      })
  void aValueThatCannotBeUsedIsNamed(String json, String message) {
    assertThatThrownBy(() -> config(json))
        .isInstanceOf(DiffusionException.class)
        .hasMessage(message);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> SchedulerConfig.read(Path.of("nowhere", "scheduler_config.json")))
        .isInstanceOf(DiffusionException.class)
        .hasMessage("file missing: " + Path.of("nowhere", "scheduler_config.json"));
  }

  @Test
  void trainedBetasReplaceTheSchedule() {
    NoiseSchedule schedule =
        NoiseSchedule.of(config("{'num_train_timesteps':2,'trained_betas':[0.5,0.25]}"));
    assertThat(schedule.alphasCumprod().toFloatArray()).containsExactly(0.5f, 0.375f);
  }

  @Test
  void linearBetasGoFromFirstToLastInEqualSteps() {
    NoiseSchedule schedule =
        NoiseSchedule.of(config("{'num_train_timesteps':4,'beta_start':0.125,'beta_end':0.5}"));
    assertThat(schedule.betas().toFloatArray()).containsExactly(0.125f, 0.25f, 0.375f, 0.5f);
  }

  @Test
  void squaredCosineSchedulesFollowTheirFormula() {
    int n = 1000;
    float[] got =
        NoiseSchedule.of(config("{'beta_schedule':'squaredcos_cap_v2'}"))
            .alphasCumprod()
            .toFloatArray();
    double start = Math.cos(0.008 / 1.008 * Math.PI / 2);
    for (int t = 0; t < n - 1; t += 37) {
      double root = Math.cos(((t + 1.0) / n + 0.008) / 1.008 * Math.PI / 2) / start;
      assertThat((double) got[t]).as("alphas_cumprod[%d]", t).isCloseTo(root * root, within(1e-5));
    }
    assertThat(got[n - 1] / got[n - 2]).as("last beta is capped").isCloseTo(0.001f, within(1e-6f));
  }
}
