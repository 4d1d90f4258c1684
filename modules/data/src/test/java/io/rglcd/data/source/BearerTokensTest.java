package io.rglcd.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.DataException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BearerTokensTest {

  private static final URI HUB = URI.create("https://huggingface.co/a.tar");
  private static final URI OTHER = URI.create("https://example.org/a.tar");

  @TempDir Path folder;

  @Test
  void aFileComesBeforeTheEnvironment() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), " of-the-file\n");
    Map<String, String> environment = Map.of("RGLCD_DATA_TOKEN", "of-the-environment");
    assertThat(BearerTokens.find(file.toString(), environment).of(OTHER)).isEqualTo("of-the-file");
    assertThat(BearerTokens.find("", environment).of(OTHER)).isEqualTo("of-the-environment");
    assertThat(BearerTokens.find("", Map.of()).of(OTHER)).isEmpty();
  }

  @Test
  void theTokenOfHuggingFaceIsShownToNobodyElse() {
    BearerTokens tokens = BearerTokens.find("", Map.of("HF_TOKEN", "hub"));
    assertThat(tokens.of(HUB)).isEqualTo("hub");
    assertThat(tokens.of(OTHER)).isEmpty();
    assertThat(tokens.of(URI.create("http://huggingface.co/a.tar"))).isEmpty();
    assertThat(tokens.of(URI.create("https://huggingface.co.example.org/a.tar"))).isEmpty();
  }

  @Test
  void isNotPrinted() {
    assertThat(HttpOptions.DEFAULT.withTokens(new BearerTokens("secret", "secret")).toString())
        .doesNotContain("secret");
  }

  @Test
  void aFileThatIsMissingEmptyOrNoTokenIsOneSentence() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty"), "\n");
    Path lines = Files.writeString(folder.resolve("lines"), "a\nb");
    assertThatThrownBy(() -> BearerTokens.find(folder + "/none", Map.of()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(folder + "/none cannot be read");
    assertThatThrownBy(() -> BearerTokens.find(empty.toString(), Map.of()))
        .hasMessageContaining("is empty");
    assertThatThrownBy(() -> BearerTokens.find(lines.toString(), Map.of()))
        .hasMessageContaining("expected: one word");
  }
}
