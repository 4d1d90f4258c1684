package io.rglcd.cluster.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceTest {

  private static String commit(int step, String digest) {
    return "event StepCommitted[record=CommitRecord[key=step "
        + step
        + " (term 1, generation 2, attempt 0), loss=0.5, digest="
        + step
        + "-"
        + digest
        + "], seconds=StepSeconds[total=1.1]]";
  }

  @Test
  void sameStepWithAnotherDigestIsAMismatch() {
    assertThat(
            Evidence.digestMismatches(List.of(commit(1, "aa"), commit(2, "bb"), commit(1, "aa"))))
        .isZero();
    assertThat(
            Evidence.digestMismatches(List.of(commit(1, "aa"), commit(2, "bb"), commit(1, "bb"))))
        .isEqualTo(1);
    assertThat(
            Evidence.digestMismatches(
                List.of("failed step 3: replica of worker-1 differs from the others (a, b)")))
        .isEqualTo(1);
  }
}
