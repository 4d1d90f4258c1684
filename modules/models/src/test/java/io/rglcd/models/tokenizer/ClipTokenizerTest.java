package io.rglcd.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.models.ModelException;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipTokenizerTest {

  private static final Path CASE = Path.of("src/test/resources/golden/clip_tokenizer");
  private static final ClipTokenizer TOKENIZER = ClipTokenizer.load(CASE.resolve("tokenizer"));
  private static final List<JsonNode> PROMPTS = prompts();

  @Test
  void givesOpenClipsIdsForEveryGoldenPrompt() {
    assertRows(TokenConvention.OPEN_CLIP, "out.open_clip_ids_without_ftfy", PROMPTS);
  }

  @Test
  void givesTheIdsOfStableDiffusion1ForEveryGoldenPrompt() {
    assertRows(TokenConvention.SD1X, "out.hf_sd1x_ids_without_ftfy", PROMPTS);
  }

  @Test
  void givesTheIdsOfStableDiffusion2WhereverTheBasicTokenizerAgreesWithFtfy() {
    long[] withFtfy = golden("out.hf_sd1x_ids");
    long[] without = golden("out.hf_sd1x_ids_without_ftfy");
    List<JsonNode> same = new ArrayList<>();
    for (int i = 0; i < PROMPTS.size(); i++) {
      if (Arrays.equals(withFtfy, i * 77, i * 77 + 77, without, i * 77, i * 77 + 77)) {
        same.add(PROMPTS.get(i));
      }
    }
    assertThat(same).hasSizeGreaterThan(50);
    assertRows(TokenConvention.SD2X, "out.hf_sd2x_ids", same);
    ClipTokenizer sd1x = TOKENIZER.withConvention(TokenConvention.SD1X);
    ClipTokenizer sd2x = TOKENIZER.withConvention(TokenConvention.SD2X);
    long[] sd1xLengths = golden("out.hf_sd1x_lengths");
    long[] sd2xLengths = golden("out.hf_sd2x_lengths");
    for (JsonNode prompt : same) {
      int i = PROMPTS.indexOf(prompt);
      assertThat(sd1x.tokens(text(prompt))).as(text(prompt)).hasSize((int) sd1xLengths[i]);
      assertThat(sd2x.tokens(text(prompt))).as(text(prompt)).hasSize((int) sd2xLengths[i]);
    }
  }

  @Test
  void countsTheTokensOfTheWholeText() {
    ClipTokenizer tokenizer = TOKENIZER.withConvention(TokenConvention.OPEN_CLIP);
    long[] lengths = golden("out.open_clip_length_before_truncation");
    for (int i = 0; i < PROMPTS.size(); i++) {
      if (PROMPTS.get(i).path("same_without_ftfy").asBoolean()) {
        assertThat(tokenizer.countTokens(text(PROMPTS.get(i))))
            .as(text(PROMPTS.get(i)))
            .isEqualTo((int) lengths[i]);
      }
    }
  }

  @Test
  void endsACutTextWithTheEndToken() {
    ClipTokenizer tokenizer = TOKENIZER.withContextLength(4);
    assertThat(tokenizer.encode("a photo of a cat")).containsExactly(49406, 320, 1125, 49407);
  }

  @Test
  void takesLengthAndPadTokenFromTheDirectory(@TempDir Path directory) throws IOException {
    for (String name : List.of("vocab.json", "merges.txt")) {
      Files.copy(CASE.resolve("tokenizer").resolve(name), directory.resolve(name));
    }
    Files.copy(
        CASE.resolve("tokenizer/special_tokens_map.sd2x.json"),
        directory.resolve("special_tokens_map.json"));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"model_max_length\": 8, \"pad_token\": \"<|endoftext|>\"}");
    ClipTokenizer tokenizer = ClipTokenizer.load(directory);
    assertThat(tokenizer.convention()).isEqualTo(TokenConvention.SD2X);
    assertThat(tokenizer.encode("a photo")).containsExactly(49406, 320, 1125, 49407, 0, 0, 0, 0);
    Files.delete(directory.resolve("special_tokens_map.json"));
    assertThat(ClipTokenizer.load(directory).padId()).isEqualTo(49407);
  }

  @Test
  void namesTheMissingFile(@TempDir Path directory) {
    assertThatThrownBy(() -> ClipTokenizer.load(directory))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("vocab.json");
  }

  @Test
  void namesAPadTokenThatNoConventionHas(@TempDir Path directory) throws IOException {
    for (String name : List.of("vocab.json", "merges.txt")) {
      Files.copy(CASE.resolve("tokenizer").resolve(name), directory.resolve(name));
    }
    Files.writeString(directory.resolve("tokenizer_config.json"), "{\"pad_token\": \"[PAD]\"}");
    assertThatThrownBy(() -> ClipTokenizer.load(directory))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("[PAD]")
        .hasMessageContaining("<|endoftext|>");
  }

  @Property
  void givesAWholeRowForAnyText(@ForAll String text, @ForAll TokenConvention convention) {
    ClipTokenizer tokenizer = TOKENIZER.withConvention(convention);
    long[] row = tokenizer.encode(text);
    assertThat(row).hasSize(77).startsWith(tokenizer.bosId()).contains(tokenizer.eosId());
    assertThat(Arrays.stream(row)).allMatch(id -> id >= 0 && id <= 49407);
  }

  private static void assertRows(TokenConvention convention, String name, List<JsonNode> prompts) {
    ClipTokenizer tokenizer = TOKENIZER.withConvention(convention);
    long[] expected = golden(name);
    List<String> wrong =
        prompts.stream()
            .filter(
                prompt -> {
                  int from = 77 * PROMPTS.indexOf(prompt);
                  long[] row = Arrays.copyOfRange(expected, from, from + 77);
                  return !Arrays.equals(row, tokenizer.encode(text(prompt)));
                })
            .map(ClipTokenizerTest::text)
            .collect(Collectors.toList());
    assertThat(wrong).as(name).isEmpty();
  }

  private static String text(JsonNode prompt) {
    return prompt.path("text").asText();
  }

  private static long[] golden(String name) {
    try (Scope scope = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(CASE.resolve("io.safetensors"))) {
      NDArray ids = file.read(scope, name);
      return ids.toLongArray();
    }
  }

  private static List<JsonNode> prompts() {
    try {
      List<JsonNode> prompts = new ArrayList<>();
      new ObjectMapper()
          .readTree(CASE.resolve("case.json").toFile())
          .path("prompts")
          .forEach(prompts::add);
      return prompts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
