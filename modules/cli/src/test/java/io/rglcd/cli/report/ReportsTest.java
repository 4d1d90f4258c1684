package io.rglcd.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.data.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {

  @TempDir Path folder;

  @Test
  void gridHoldsTheEnlargedPictures() throws IOException {
    RgbImage red = Png.picture(new float[] {2, 2, 2, 2, -1, -1, -1, -1, 0, 0, 0, 0}, 2, 2);
    Path file = folder.resolve("samples.png");

    SampleGrid.write(file, List.of("a red square"), List.of(new SampleGrid.Row("x", List.of(red))));

    BufferedImage sheet = ImageIO.read(file.toFile());
    long pixels = 0;
    for (int y = 0; y < sheet.getHeight(); y++) {
      for (int x = 0; x < sheet.getWidth(); x++) {
        pixels += (sheet.getRGB(x, y) & 0xffffff) == 0xff0000 ? 1 : 0;
      }
    }
    assertThat(pixels).isEqualTo(112 * 112);
  }

  @Test
  void captionsThatDoNotFitEndWithDots() {
    BitmapFont font = BitmapFont.get();

    assertThat(SampleGrid.header(font, "ant, twemoji style, on a purple background", 96))
        .containsExactly("ant, twemoji", "style, on a", "purple...");
    assertThat(SampleGrid.header(font, "supercalifragilisticexpialidocious", 96))
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith("supercali").endsWith("..."))
        .satisfies(line -> assertThat(font.width(line)).isLessThanOrEqualTo(96));
    assertThat(SampleGrid.header(font, "red apple", 96)).containsExactly("red apple");
  }

  @Test
  void gridRefusesARowOfAnotherLength() {
    assertThatThrownBy(
            () ->
                SampleGrid.write(
                    folder.resolve("samples.png"),
                    List.of("a"),
                    List.of(new SampleGrid.Row("teacher", List.of()))))
        .hasMessageContaining("row teacher: 0 pictures");
  }

  @Test
  void curvesPageShowsBothEndsAndEscapesText() throws IOException {
    Path file = folder.resolve("report.html");

    CurvesReport.write(
        file,
        "a <b>",
        "samples.png",
        List.of(
            new StepPoint(1, 0, 0.75, Double.NaN, 1, 1, 2, 1),
            new StepPoint(9, 0, 0.25, Double.NaN, 1, 1, 2, 1)));

    assertThat(Files.readString(file))
        .contains("0.7500", "0.2500", "step 9", "a &lt;b>", "Not measured.", "samples.png")
        .doesNotContain("<b>");
  }

  @Test
  void reportHasTheAgreedNames() throws IOException {
    Path file = folder.resolve("report.json");
    RewardTable table = new RewardTable(1, 2, 3, 4, 5, 6, 7);

    new ReportJson(
            20,
            1.5,
            640,
            new ReportJson.Ends(0.5, 0.25),
            new ReportJson.Ends(0.75, 0.5),
            new ReportJson.Ends(Double.NaN, Double.NaN),
            table,
            table,
            new Agreement(1, 2, 3, 4, 5, 6),
            List.of("a cat"),
            3,
            Map.of("rglcd", "1"),
            ReportJson.tree("{\"data\":{}}"))
        .write(file);

    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "steps",
            "seconds",
            "samples_committed",
            "loss",
            "distill",
            "train_reward",
            "reward",
            "pref",
            "agreement",
            "prompts",
            "seed",
            "versions",
            "config");
    assertThat(json.path("reward").fieldNames())
        .toIterable()
        .containsExactly(
            "teacher_25", "before_1", "before_2", "before_4", "after_1", "after_2", "after_4");
    assertThat(json.path("loss").path("last").asDouble()).isEqualTo(0.25);
    assertThat(json.path("distill").path("first").asDouble()).isEqualTo(0.75);
    assertThat(json.path("train_reward").path("first").isNull()).isTrue();
  }

  @Test
  void linesTellRateRewardAndTimeLeft() {
    StringWriter text = new StringWriter();
    AtomicLong now = new AtomicLong();
    try (ProgressView view = ProgressView.lines(new PrintWriter(text), 40, now::get)) {
      view.onStep(1, 0.5, Double.NaN, 10);
      view.onStep(3, 0.5, Double.NaN, 10);
      now.set(19_000_000_000L);
      view.onStep(20, 0.25, 0.125, 28.8);
    }

    assertThat(text.toString().lines())
        .containsExactly(
            "step 1/40, loss 0.5000, 10.0 samples/s",
            "step 20/40, loss 0.2500, reward 0.125, 20 s left, 28.8 samples/s");
  }

  @Test
  void outputDirectoryBelongsToOneConfiguration() {
    OutputDirectory.open(folder.resolve("run"), 0, Map.of("seed", "1"));
    OutputDirectory.open(folder.resolve("run"), 0, Map.of("seed", "1"));

    assertThatThrownBy(() -> OutputDirectory.open(folder.resolve("run"), 0, Map.of("seed", "2")))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining(
            "belongs to another run: seed is 2 (expected: 1, or another directory)");
  }

  @Test
  void outputDirectoryThatIsAFileOrTooFullIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "");

    assertThatThrownBy(() -> OutputDirectory.open(file, 0, Map.of()))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("is a file");
    assertThatThrownBy(() -> OutputDirectory.open(folder.resolve("run"), Long.MAX_VALUE, Map.of()))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("MiB free");
  }
}
