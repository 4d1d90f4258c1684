package io.rglcd.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class ToleranceTest {

  @Test
  void addsAbsoluteAndRelativeParts() {
    assertThat(new Tolerance(1, 0.5, 0.25).allowed(-4, 10)).isEqualTo(1 + 5 + 1);
    assertThat(Tolerance.EXACT.allowed(3, 3)).isZero();
    assertThat(Tolerance.absolute(1).widenedBy(2).allowed(0, 0)).isEqualTo(3);
  }

  @Test
  void numbersInTheCaseOverrideTheKindsOwn() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putObject("tolerance").put("abs", 1e-5).put("rel_to_max", 1e-4);

    assertThat(Tolerance.of(json, Tolerance.absolute(1))).isEqualTo(new Tolerance(1e-5, 1e-4, 0));
  }

  @Test
  void proseInTheCaseMeansTheKindsOwn() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("tolerance", "2e-5 absolute");

    assertThat(Tolerance.of(json, Tolerance.absolute(2e-5))).isEqualTo(new Tolerance(2e-5, 0, 0));
  }

  @Test
  void exactMeansNoDifference() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("tolerance", "exact");

    assertThat(Tolerance.of(json, Tolerance.absolute(1))).isEqualTo(Tolerance.EXACT);
  }
}
