package io.rglcd.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison of updated weights is wide for rounding and narrow for everything else. */
class RgLcdStepSensitivityTest {

  @BeforeAll
  static void oneThreadIsFasterForTinyNetworks() {
    Torch.setIntraOpThreads(1);
  }

  @TempDir Path temp;

  private List<String> failures(CaseCopy changed) {
    return new ConformanceRunner()
        .runCase(changed.path()).tensors().stream()
            .filter(tensor -> !tensor.pass())
            .map(TensorResult::tensor)
            .toList();
  }

  private CaseCopy copy() {
    return CaseCopy.of("rglcd_step_no_reward", temp);
  }

  @Test
  void seesAWeightDecayThatIsHalfOfTheTrueOne() {
    assertThat(failures(copy().scalar("weight_decay_2", 0.005)))
        .isNotEmpty()
        .allMatch(tensor -> tensor.startsWith("wd2."));
  }

  @Test
  void seesAnEmaDecayThatIsALittleOff() {
    assertThat(failures(copy().scalar("ema_decay", 0.951)))
        .isNotEmpty()
        .anyMatch(tensor -> tensor.startsWith("wd0.iter2.target_after."));
  }

  @Test
  void seesALearningRateThatIsOnePercentOff() {
    assertThat(failures(copy().scalar("learning_rate", 0.00101)))
        .anyMatch(tensor -> tensor.startsWith("wd0.iter0.student_after."));
  }

  @Test
  void seesAClippingLimitThatDiffers() {
    assertThat(failures(copy().scalar("max_grad_norm", 0.5))).isNotEmpty();
  }

  @Test
  void seesAnotherGuidanceRange() {
    assertThat(failures(copy().scalar("w_max", 14))).contains("wd0.iter0.w", "wd0.iter0.loss");
  }
}
