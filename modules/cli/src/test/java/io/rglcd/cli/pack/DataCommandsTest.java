package io.rglcd.cli.pack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cli.Main;
import io.rglcd.cli.command.DataCommand;
import io.rglcd.data.BatchOptions;
import io.rglcd.data.DataSet;
import io.rglcd.data.SampleReader;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code rglcd data pack}, {@code inspect} and {@code stats}, as a user calls them. */
class DataCommandsTest {

  private static final int PICTURES = 23;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int rglcd(String... arguments) {
    CommandLine line =
        Main.commandLine(
            List.of(
                DataCommand.commandLine(
                    (request, words) -> {
                      throw new AssertionError("not asked for");
                    })));
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private static byte[] png(int width, int height) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", bytes);
    return bytes.toByteArray();
  }

  /** Pictures in folders, their names with spaces and in another alphabet. */
  private Path pictures() throws IOException {
    Path images = folder.resolve("images");
    for (int i = 0; i < PICTURES; i++) {
      Path below = Files.createDirectories(images.resolve("part " + i % 3));
      String name = String.format("\u732b %02d", i);
      Files.write(below.resolve(name + ".png"), png(40 + i, 64));
      Files.writeString(below.resolve(name + ".txt"), "caption " + i);
    }
    Files.writeString(images.resolve("part 1/\u732b 04.json"), "{\"pwatermark\": 0.1}");
    return images;
  }

  private List<String> captions(Path shards) {
    SampleReader reader = new SampleReader(BatchOptions.of(8));
    List<String> captions = new ArrayList<>();
    for (ShardIndex shard : DataSet.find(List.of(shards + "/*.tar")).shards()) {
      for (SampleEntry sample : shard.samples()) {
        try {
          captions.addAll(reader.read(sample).captions());
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }
    return captions;
  }

  @Test
  void whatIsPackedIsReadBack() throws IOException {
    Path shards = folder.resolve("shards");
    assertThat(rglcd("data", "pack", pictures().toString(), shards.toString(), "--max-count=5"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("00004.tar: 3 samples", "23 samples in 5 shards");
    List<String> expected = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      for (int i = part; i < PICTURES; i += 3) {
        expected.add("caption " + i);
      }
    }
    assertThat(captions(shards)).isEqualTo(expected);
    List<ShardIndex> read = DataSet.find(List.of(shards + "/*.tar")).shards();
    assertThat(read.get(2).samples().get(1).key()).isEqualTo("000000011");
    assertThat(
            read.stream()
                .flatMap(shard -> shard.samples().stream())
                .filter(sample -> sample.field(List.of("json")).isPresent()))
        .hasSize(1);
    assertThat(Files.readAllLines(shards.resolve("shards.jsonl"))).hasSize(5);
  }

  @Test
  void shardsDependOnThePicturesAloneAndAreGoneOnWith() throws IOException {
    Path images = pictures();
    Path one = folder.resolve("one");
    Path four = folder.resolve("four");
    assertThat(rglcd("data", "pack", images + "", one + "", "--max-count=4", "--threads=1"))
        .isZero();
    assertThat(rglcd("data", "pack", images + "", four + "", "--max-count=4", "--threads=4"))
        .isZero();
    Files.delete(four.resolve("00002.tar"));
    Files.writeString(four.resolve("00002.tar.new.part"), "left by one that was killed");
    Files.delete(four.resolve("00003.json"));
    assertThat(rglcd("data", "pack", images + "", four + "", "--max-count=4")).isZero();
    try (Stream<Path> files = Files.list(one)) {
      for (Path file : files.toList()) {
        assertThat(four.resolve(file.getFileName().toString())).hasSameBinaryContentAs(file);
      }
    }
    assertThat(four).isDirectoryNotContaining("glob:**.{part,new}");
    assertThat(rglcd("data", "pack", images + "", four + "", "--max-count=3")).isEqualTo(1);
    assertThat(err.toString()).contains(four.toString()).doesNotContain("\tat ");
  }

  @Test
  void shardsAreCutByTheSizeOfPicturesToo() throws IOException {
    Path images = Files.createDirectories(folder.resolve("large"));
    for (int i = 0; i < 5; i++) {
      byte[] png = png(10, 10);
      byte[] large = Arrays.copyOf(png, 700_000);
      Files.write(images.resolve(i + ".png"), large);
      Files.writeString(images.resolve(i + ".txt"), "x");
    }
    Path shards = folder.resolve("shards");
    assertThat(rglcd("data", "pack", images + "", shards + "", "--max-mib=1")).isZero();
    assertThat(out.toString()).contains("5 samples in 5 shards");
  }

  @Test
  void whatCannotBeUsedIsLeftOutAndListed() throws IOException {
    Path images = pictures();
    Files.writeString(images.resolve("broken.jpg"), "no picture");
    Files.writeString(images.resolve("broken.txt"), "x");
    Files.write(images.resolve("silent.png"), png(8, 8));
    Files.write(images.resolve("latin.png"), png(8, 8));
    Files.write(images.resolve("latin.txt"), new byte[] {(byte) 0xfe});
    Path shards = folder.resolve("shards");
    assertThat(rglcd("data", "pack", images + "", shards + "")).isZero();
    assertThat(out.toString()).contains("23 samples in 1 shards, 3 pictures left out");
    assertThat(Files.readString(shards.resolve("bad-samples.jsonl")))
        .contains("broken.jpg", "silent.png", "latin.png", "caption is not UTF-8");
  }

  @Test
  void tablesAsOfCc12mArePackedByLineNumberOrByName() throws IOException {
    Path images = Files.createDirectories(folder.resolve("downloads/00000"));
    for (int i : new int[] {0, 2, 3}) {
      Files.write(images.resolve(String.format("%09d.png", i)), png(20, 20));
    }
    Files.write(images.resolve("own name.png"), png(20, 20));
    Path table = folder.resolve("cc12m.tsv");
    Files.writeString(
        table,
        "https://a/1.jpg\tone\nhttps://a/2.jpg\ttwo\nhttps://a/3.jpg\tthree\n"
            + "00000/own name.png\tnamed\n");
    Path shards = folder.resolve("shards");
    assertThat(
            rglcd("data", "pack", folder.resolve("downloads") + "", shards + "", "--tsv=" + table))
        .isZero();
    assertThat(captions(shards)).containsExactly("one", "three", "named");
    assertThat(Files.readString(shards.resolve("bad-samples.jsonl"))).contains("https://a/2.jpg");
  }

  @Test
  void inspectShowsSamplesAndFaultsAndDrawsASheet() throws IOException {
    Path shards = folder.resolve("shards");
    assertThat(rglcd("data", "pack", pictures() + "", shards + "", "--max-count=12")).isZero();
    byte[] second = Files.readAllBytes(shards.resolve("00001.tar"));
    Files.write(shards.resolve("00001.tar"), Arrays.copyOf(second, 9000));
    Path sheet = folder.resolve("sheet.png");
    assertThat(rglcd("data", "inspect", shards + "/*.tar", "--count=3", "--sheet=" + sheet))
        .isZero();
    assertThat(out.toString())
        .contains("00000.tar: 12 samples", "000000002: png", "damaged shard", "contact sheet");
    assertThat(ImageIO.read(sheet.toFile()).getWidth()).isGreaterThan(3 * 112);
  }

  @Test
  void statsCountSizesAndCaptions() throws IOException {
    Path shards = folder.resolve("shards");
    assertThat(rglcd("data", "pack", pictures() + "", shards + "")).isZero();
    out.getBuffer().setLength(0);
    assertThat(rglcd("data", "stats", "--json", shards + "/*.tar")).isZero();
    JsonNode figures = new ObjectMapper().readTree(out.toString().getBytes(UTF_8));
    assertThat(figures.get("samples").asInt()).isEqualTo(PICTURES);
    assertThat(figures.at("/width/min").asInt()).isEqualTo(40);
    assertThat(figures.at("/width/median").asInt()).isEqualTo(51);
    assertThat(figures.at("/width/max").asInt()).isEqualTo(62);
    assertThat(figures.at("/height/median").asInt()).isEqualTo(64);
    assertThat(figures.at("/shorter_side/32").asInt()).isEqualTo(PICTURES);
    assertThat(figures.at("/caption_length/max").asInt()).isEqualTo("caption 10".length());
    out.getBuffer().setLength(0);
    assertThat(rglcd("data", "stats", shards + "/*.tar")).isZero();
    assertThat(out.toString()).contains("shorter side    32 to 63: 23");
  }

  @Test
  void wrongCallsAreOneSentence() {
    assertThat(rglcd("data")).isEqualTo(2);
    assertThat(rglcd("data", "pack", folder.resolve("nowhere") + "", folder.resolve("o") + ""))
        .isEqualTo(1);
    assertThat(err.toString()).contains("nowhere");
    assertThat(rglcd("data", "pack", folder + "", folder.resolve("o") + "")).isEqualTo(1);
    assertThat(err.toString()).contains("has no picture");
    assertThat(rglcd("data", "stats", folder.resolve("none.tar") + "")).isEqualTo(1);
    assertThat(err.toString()).contains("none.tar");
  }
}
