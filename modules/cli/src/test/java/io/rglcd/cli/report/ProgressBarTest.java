package io.rglcd.cli.report;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What a terminal gets to see. */
class ProgressBarTest {

  private static final BarLine LINE =
      new BarLine(
          "step",
          6,
          12,
          List.of("loss -0.1335", "reward 0.573", "1 min 05 s left", "25.7 samples/s"));

  @Test
  void wideTerminalShowsEverything() {
    assertThat(LINE.fit(100))
        .isEqualTo(
            "step 6/12 [==============              ] loss -0.1335, reward 0.573,"
                + " 1 min 05 s left, 25.7 samples/s");
  }

  @Test
  void narrowTerminalLosesWhatMattersLeast() {
    assertThat(LINE.fit(80))
        .isEqualTo(
            "step 6/12 [====    ] loss -0.1335, reward 0.573, 1 min 05 s left, 25.7 samples/s");
    assertThat(LINE.fit(70))
        .isEqualTo("step 6/12 [=======       ] loss -0.1335, reward 0.573, 1 min 05 s left");
    assertThat(LINE.fit(50)).isEqualTo("step 6/12 [=====      ] loss -0.1335, reward 0.573");
    assertThat(LINE.fit(12)).isEqualTo("step 6/12");
    assertThat(LINE.fit(6)).isEqualTo("step 6");
  }

  @Property(tries = 200)
  void neverWiderThanTheTerminal(
      @ForAll @IntRange(min = 0, max = 200) int width, @ForAll @IntRange(max = 12) int count) {
    assertThat(new BarLine("step", count, 12, LINE.figures()).fit(width))
        .hasSizeLessThanOrEqualTo(width);
  }

  @Test
  void durationsAreForPeople() {
    assertThat(List.of(59L, 60L, 3599L, 3725L).stream().map(BarLine::duration))
        .containsExactly("59 s", "1 min 00 s", "59 min 59 s", "1 h 02 min");
  }

  @Test
  void textStandsAboveTheBarAndTheEndIsANewLine() {
    ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(terminal, true, US_ASCII);
    AtomicLong now = new AtomicLong();
    try (ProgressView view =
        ProgressView.bar(
            new PrintWriter(stream, true, US_ASCII),
            "step",
            2,
            now::get,
            new BarConsole(stream, 60))) {
      view.onStep(1, 0.5, Double.NaN, 10);
      view.message("worker 1 lost");
      now.set(1_000_000_000L);
      view.onStep(2, 0.25, Double.NaN, 12);
    }
    assertThat(terminal.toString(US_ASCII))
        .contains("\rworker 1 lost" + System.lineSeparator())
        .endsWith(
            "\rstep 2/2 [=====================] loss 0.2500, 12.0 samples/s"
                + System.lineSeparator());
  }

  @Test
  void nothingIsDrawnAfterTheEnd() {
    ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    BarConsole console = new BarConsole(new PrintStream(terminal, true, US_ASCII), 60);
    console.accept("step 1");
    console.close();
    console.accept("step 1");
    console.close();
    assertThat(terminal.toString(US_ASCII)).isEqualTo("\rstep 1" + System.lineSeparator());
  }
}
