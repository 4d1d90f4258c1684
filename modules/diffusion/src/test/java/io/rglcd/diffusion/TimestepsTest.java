package io.rglcd.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class TimestepsTest {

  private static SchedulerConfig config(String spacing, int offset, int originalSteps) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("timestep_spacing", spacing);
    json.put("steps_offset", offset);
    json.put("original_inference_steps", originalSteps);
    return SchedulerConfig.of(json);
  }

  @Test
  void leadingSpacingBeginsAtTheOffset() {
    assertThat(Timesteps.ddim(config("leading", 1, 50), 4)).containsExactly(751, 501, 251, 1);
  }

  @Test
  void trailingSpacingBeginsAtTheLastTimestep() {
    assertThat(Timesteps.ddim(config("trailing", 1, 50), 4)).containsExactly(999, 749, 499, 249);
  }

  @Test
  void linspaceContainsBothEnds() {
    assertThat(Timesteps.ddim(config("linspace", 0, 50), 4)).containsExactly(999, 666, 333, 0);
  }

  @Test
  void consistencyStepsAreEvenOverTheGridOfDistillation() {
    assertThat(Timesteps.lcm(config("leading", 0, 50), 1)).containsExactly(999);
    assertThat(Timesteps.lcm(config("leading", 0, 50), 4)).containsExactly(999, 759, 499, 259);
  }

  @Test
  void moreStepsThanTheGridHasAreRefused() {
    assertThatThrownBy(() -> Timesteps.lcm(config("leading", 0, 50), 51))
        .isInstanceOf(DiffusionException.class)
        .hasMessage("sampling steps: 51 (expected: 1 to 50)");
    assertThatThrownBy(() -> Timesteps.ddim(config("leading", 0, 50), 0))
        .isInstanceOf(DiffusionException.class)
        .hasMessage("sampling steps: 0 (expected: 1 to 1000)");
  }

  @Test
  void aGridFinerThanTrainingIsRefused() {
    assertThatThrownBy(() -> Timesteps.lcm(config("leading", 0, 2000), 4))
        .isInstanceOf(DiffusionException.class)
        .hasMessageStartingWith("original_inference_steps: 2000 (expected: at most the 1000");
  }

  @Test
  void anOffsetBeyondTheScheduleIsRefused() {
    assertThatThrownBy(() -> Timesteps.ddim(config("leading", 1, 50), 1000))
        .isInstanceOf(DiffusionException.class)
        .hasMessage(
            "steps_offset: 1 with 1000 steps begins at timestep 1000"
                + " (expected: below 1000; take fewer steps)");
  }
}
