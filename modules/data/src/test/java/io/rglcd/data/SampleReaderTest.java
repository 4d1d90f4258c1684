package io.rglcd.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.BadSample.Reason;
import io.rglcd.data.shard.SampleEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleReaderTest {

  private static final byte[] PNG = TarBuilder.png(8, 8, 0x808080);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "number.cls, 12, ''",
    "number.cls, ' +1_000\n', ''",
    "number.index, twelve, FILE_CORRUPT",
    "extra.json, {, METADATA_CORRUPT",
    "words.transcript, fine, ''",
    "mask.seg.png, no picture, IMAGE_UNSUPPORTED",
    "numbers.npy, no array, FILE_CORRUPT",
    "numbers.npz, no archive, FILE_CORRUPT",
    "packed.txt.gz, not packed, FILE_CORRUPT",
    "preview.gif, whatever, ''",
    "pickled.pkl, whatever, ''",
    "model.pth, whatever, ''",
    "other.bin, whatever, ''"
  })
  void aBrokenFileDropsItsSampleWhetherItIsUsedOrNot(String file, String content, String reason) {
    String name = "a." + file.substring(file.indexOf('.') + 1);
    TarBuilder tar = new TarBuilder().file("a.png", PNG).file("a.text", "words");
    tar.file(name, content);
    assertThat(outcome(tar, ReadOptions.DEFAULT)).isEqualTo(reason.isEmpty() ? "words" : reason);
  }

  @Test
  void packedFilesAreUnpackedWithinTheBound() {
    TarBuilder fine = new TarBuilder().file("a.png", PNG).file("a.txt", "words");
    fine.file("a.json.gz", gzip("{}"));
    assertThat(outcome(fine, ReadOptions.DEFAULT)).isEqualTo("words");

    TarBuilder broken = new TarBuilder().file("a.png", PNG).file("a.txt", "words");
    broken.file("a.json.gz", gzip("{"));
    assertThat(outcome(broken, ReadOptions.DEFAULT)).isEqualTo("METADATA_CORRUPT");

    TarBuilder bomb = new TarBuilder().file("a.png", PNG).file("a.txt", "words");
    bomb.file("a.txt.gz", gzip("x".repeat(100_000)));
    assertThat(outcome(bomb, new ReadOptions(1000, 99_999, "", SampleFilter.NONE)))
        .isEqualTo("ENTRY_TOO_LARGE");
  }

  @Test
  void aCaptionFileIsKeptEvenIfItIsNoText() {
    TarBuilder tar = new TarBuilder().file("a.png", PNG);
    tar.file("a.caption", new byte[] {'a', (byte) 0xe4, 'b'});
    assertThat(outcome(tar, ReadOptions.DEFAULT)).isEqualTo("a\ufffdb");
  }

  @Test
  void captionsComeFromAFieldOfTheJsonFileWhereOneIsNamed() {
    TarBuilder tar = new TarBuilder().file("a.png", PNG).file("a.txt", "unused");
    tar.file("a.json", "{\"long\": [\"first\", \"second\"]}");
    assertThat(outcome(tar, ReadOptions.DEFAULT.withCaptionField("long")))
        .isEqualTo("first,second");
    assertThat(outcome(tar, ReadOptions.DEFAULT.withCaptionField("short"))).isEqualTo("NO_CAPTION");
  }

  @Test
  void ofSeveralCaptionsEachIsDrawnAndAlwaysTheSameAtOnePlace() {
    TarBuilder tar = new TarBuilder().file("a.png", PNG);
    tar.file("a.json", "{\"long\": [\"1\", \"2\", \"3\"]}");
    tar.write(folder.resolve("a.tar"));
    DataSet data = DataSet.find(List.of(folder + "/a.tar"));
    BatchOptions options =
        BatchOptions.of(4).withRead(ReadOptions.DEFAULT.withCaptionField("long"));
    BatchLoader loader = new BatchLoader(data, new SampleOrder(7, data.counts(), 1), options, 7);
    BatchLoader again = new BatchLoader(data, new SampleOrder(7, data.counts(), 1), options, 7);
    Set<String> drawn = new HashSet<>();
    for (int epoch = 0; epoch < 40; epoch++) {
      List<String> captions = loader.load(new SampleRange(epoch, 0, 1)).captions();
      assertThat(again.load(new SampleRange(epoch, 0, 1)).captions()).isEqualTo(captions);
      drawn.addAll(captions);
    }
    assertThat(drawn).containsExactlyInAnyOrder("1", "2", "3");
  }

  @Test
  void whatTheFilterDoesNotWantIsRefusedWithItsReason() {
    SampleFilter filter =
        new SampleFilter(
            100,
            0.5,
            2,
            3,
            9,
            Optional.of(Pattern.compile("cat|dog")),
            Optional.of(Pattern.compile("(?i)stock")));
    ReadOptions read = ReadOptions.DEFAULT.withFilter(filter);
    String good = "{\"original_width\":100,\"original_height\":100,\"pwatermark\":0.5}";

    assertThat(outcome(sample(8, 4, good, "a cat"), read)).isEqualTo("a cat");
    assertThat(outcome(sample(9, 4, good, "a cat"), read)).isEqualTo("ASPECT");
    assertThat(outcome(sample(8, 8, good, "ca"), read)).isEqualTo("CAPTION_LENGTH");
    assertThat(outcome(sample(8, 8, good, "10 letters"), read)).isEqualTo("CAPTION_LENGTH");
    assertThat(outcome(sample(8, 8, good, "a cow"), read)).isEqualTo("CAPTION_TEXT");
    assertThat(outcome(sample(8, 8, good, "dog STOCK"), read)).isEqualTo("CAPTION_TEXT");
    assertThat(outcome(sample(8, 8, good.replaceFirst("100", "99"), "a cat"), read))
        .isEqualTo("TOO_SMALL");
    assertThat(outcome(sample(8, 8, good.replace("0.5", "0.6"), "a cat"), read))
        .isEqualTo("WATERMARK");
    assertThat(outcome(sample(8, 8, good.replace("pwatermark", "p"), "a cat"), read))
        .isEqualTo("NO_WATERMARK");
    TarBuilder bare = new TarBuilder().file("a.png", PNG).file("a.txt", "a cat");
    assertThat(outcome(bare, read)).isEqualTo("TOO_SMALL");
  }

  @Test
  void ofSeveralCaptionsOnlyTheWantedAreLeft() {
    SampleFilter filter =
        new SampleFilter(0, 1, 0, 2, 0, Optional.of(Pattern.compile("e")), Optional.empty());
    ReadOptions read = ReadOptions.DEFAULT.withCaptionField("c").withFilter(filter);
    TarBuilder tar = new TarBuilder().file("a.png", PNG);
    tar.file("a.json", "{\"c\": [\"e\", \"one\", \"two\", \"three\"]}");
    assertThat(outcome(tar, read)).isEqualTo("one,three");
  }

  @Test
  void preflightTellsThatNoSampleHasAWatermark() {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < 5; i++) {
      tar.sample("s" + i, 0).file("s" + i + ".json", "{}");
    }
    tar.write(folder.resolve("a.tar"));
    DataSet data = DataSet.find(List.of(folder + "/a.tar"));
    SampleFilter filter = new SampleFilter(0, 0.5, 0, 0, 0, Optional.empty(), Optional.empty());
    BatchOptions options = BatchOptions.of(4).withRead(ReadOptions.DEFAULT.withFilter(filter));
    BatchLoader loader = new BatchLoader(data, new SampleOrder(1, data.counts(), 1), options, 1);
    assertThatThrownBy(() -> loader.preflight(100))
        .isInstanceOf(ZeroSamplesException.class)
        .hasMessageContaining("5 x no pwatermark in the json file");
  }

  @Test
  void latentsAreReadWithTheirCaptions() throws Exception {
    float[] moments = new float[2 * 2 * 3];
    moments[7] = 0.5f;
    TarBuilder tar = new TarBuilder().file("a.npy", npy("(2, 2, 3)", moments)).file("a.txt", "b");
    tar.file("wrong.npy", npy("(3, 4)", moments)).file("wrong.txt", "b").file("none.txt", "b");
    tar.write(folder.resolve("a.tar"));
    List<SampleEntry> samples = DataSet.find(List.of(folder + "/a.tar")).shards().get(0).samples();
    SampleReader reader =
        new SampleReader(BatchOptions.of(4).withForm(SampleForm.moments(1, 2, 3)));
    LatentSample read = reader.readLatents(samples.get(0));
    assertThat(read.moments().shape()).containsExactly(2, 2, 3);
    assertThat(read.moments().values()).isEqualTo(moments);
    assertThat(read.captions()).containsExactly("b");
    List<Reason> reasons = List.of(Reason.LATENTS_SHAPE, Reason.NO_LATENTS);
    for (int i = 0; i < reasons.size(); i++) {
      SampleEntry sample = samples.get(i + 1);
      Reason expected = reasons.get(i);
      assertThatThrownBy(() -> reader.readLatents(sample))
          .isInstanceOfSatisfying(
              UnusableSampleException.class, e -> assertThat(e.reason()).isEqualTo(expected));
    }
  }

  @Test
  void theStatesOfTheCaptionThatIsDrawnAreInTheBatchAndNoneOfDroppedPrompts() {
    float[] states = {1, 2, 3, 4, 5, 6, 7, 8};
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < 40; i++) {
      tar.file("s" + i + ".npy", npy("(2, 1, 1)", new float[] {i, 0}))
          .file("s" + i + ".prompt_embeds.npy", npy("(2, 2, 2)", states))
          .file("s" + i + ".json", "{\"c\": [\"one\", \"two\"]}");
    }
    tar.file("few.npy", npy("(2, 1, 1)", new float[2])).file("few.json", "{\"c\": \"one\"}");
    tar.file("bad.npy", npy("(2, 1, 1)", new float[2])).file("bad.json", "{\"c\": \"one\"}");
    tar.file("bad.prompt_embeds.npy", npy("(2, 2, 2)", states));
    tar.write(folder.resolve("a.tar"));
    DataSet data = DataSet.find(List.of(folder + "/a.tar"));
    BatchOptions options =
        BatchOptions.of(4)
            .withForm(SampleForm.moments(1, 1, 1))
            .withTextForm(new TextForm(2, 2))
            .withEmptyPromptProportion(0.3)
            .withRead(ReadOptions.DEFAULT.withCaptionField("c"));
    BatchLoader loader = new BatchLoader(data, new SampleOrder(3, data.counts(), 1), options, 3);
    Batch batch = loader.load(new SampleRange(0, 0, 42));

    assertThat(batch.bad())
        .extracting(BadSample::reason)
        .containsExactlyInAnyOrder(Reason.NO_TEXT_STATES, Reason.TEXT_STATES_SHAPE);
    assertThat(batch.captions()).hasSize(40).contains("one", "two", "");
    assertThat(batch.textStates().orElseThrow().shape()).containsExactly(40, 2, 2);
    Map<String, float[]> expected =
        Map.of("one", new float[] {1, 2, 3, 4}, "two", new float[] {5, 6, 7, 8}, "", new float[4]);
    for (int i = 0; i < 40; i++) {
      float[] found = Arrays.copyOfRange(batch.textStates().get().values(), 4 * i, 4 * i + 4);
      assertThat(found).isEqualTo(expected.get(batch.captions().get(i)));
    }
  }

  @Test
  void namesOutOfTheFolderAreKeysAndNoPathsAndAreShownWithoutControlCharacters() {
    TarBuilder tar = new TarBuilder().file("../../up.png", PNG).file("../../up.txt", "words");
    assertThat(outcome(tar, ReadOptions.DEFAULT)).isEqualTo("words");
    assertThat(folder).isDirectoryContaining("glob:**one.tar");
    assertThat(folder.toFile().list()).containsExactly("one.tar");
    BadSample bad = new BadSample(0, "s", "a\u001b[2Jb", Reason.NO_IMAGE, "x\ny");
    assertThat(bad.toString())
        .isEqualTo("s, sample a\\u001b[2Jb: " + Reason.NO_IMAGE.text() + " (x\\u000ay)");
  }

  private static byte[] npy(String shape, float[] values) {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }\n";
    ByteBuffer file =
        ByteBuffer.allocate(10 + header.length() + 4 * values.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
            .putShort((short) header.length())
            .put(header.getBytes(StandardCharsets.US_ASCII));
    for (float value : values) {
      file.putFloat(value);
    }
    return file.array();
  }

  private static TarBuilder sample(int width, int height, String json, String caption) {
    return new TarBuilder()
        .file("a.png", TarBuilder.png(width, height, 0))
        .file("a.json", json)
        .file("a.txt", caption);
  }

  /** The captions of the one sample, or the reason why it cannot be used. */
  private String outcome(TarBuilder tar, ReadOptions read) {
    tar.write(folder.resolve("one.tar"));
    DataSet data = DataSet.find(List.of(folder + "/one.tar"));
    SampleReader reader = new SampleReader(BatchOptions.of(4).withRead(read));
    try {
      return String.join(",", reader.read(data.shards().get(0).samples().get(0)).captions());
    } catch (UnusableSampleException e) {
      Reason reason = e.reason();
      assertThat(e.getMessage()).isNotBlank();
      return reason.name();
    }
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
