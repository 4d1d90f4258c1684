package io.rglcd.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expectations are those of the original's WebdatasetFilter(min_size=768, max_pwatermark=0.5). */
class SampleMetadataTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'original_width': 768, 'original_height': 768, 'pwatermark': 0.5} | true",
        "{'original_width': 767, 'original_height': 768, 'pwatermark': 0.5} | false",
        "{'original_width': 768, 'original_height': 767, 'pwatermark': 0.5} | false",
        "{'original_width': 768.5, 'original_height': 1e3, 'pwatermark': 0.1} | true",
        "{'original_width': 900, 'original_height': 900, 'pwatermark': 0.6} | false",
        "{'original_width': 900, 'original_height': 900} | false",
        "{'original_width': 900, 'original_height': 900, 'pwatermark': null} | false",
        "{'original_width': 900, 'original_height': 900, 'pwatermark': 0.0} | false",
        "{'original_width': 900, 'original_height': 900, 'pwatermark': false} | false",
        "{'original_width': 900, 'original_height': 900, 'pwatermark': ''} | false",
        "{'original_width': 900, 'original_height': 900, 'pwatermark': '0.1'} | false",
        "{'original_width': 900, 'original_height': 900, 'pwatermark': NaN} | false",
        "{'original_width': 900, 'original_height': 900, 'pwatermark': -Infinity} | true",
        "{'original_width': null, 'original_height': 900, 'pwatermark': 0.1} | false",
        "{'original_width': '900', 'original_height': 900, 'pwatermark': 0.1} | false",
        "{'original_width': 900, 'original_height': null, 'pwatermark': 0.1} | false",
        "{'original_width': 900, 'pwatermark': 0.1} | false",
        "[900, 900, 0.1] | false",
        "null | false",
        "3 | false"
      })
  void filtersAsTheOriginalDoes(String json, boolean kept) throws IOException {
    SampleMetadata metadata = parse(json.replace('\'', '"'));
    assertThat(metadata.isAtLeast(768) && metadata.isWatermarkAtMost(0.5)).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{} {}", "{'a': 1}", "01", "[1,]", "\"\t\"", "nul"})
  void whatPythonCannotParseIsRefused(String json) {
    assertThatThrownBy(() -> parse(json)).isInstanceOf(IOException.class);
  }

  @Test
  void sizesThatAreNotKnownAreZero() throws IOException {
    assertThat(SampleMetadata.NONE.originalWidth()).isZero();
    assertThat(parse("{\"original_height\": 12.7}").originalHeight()).isEqualTo(12);
    assertThat(parse("{\"original_width\": \"wide\"}").originalWidth()).isZero();
    assertThat(parse("{\"original_width\": \" 640\"}").originalWidth()).isEqualTo(640);
  }

  @Test
  void textsOfAFieldAreOneOrAListOfWhichOthersAreLeftOut() throws IOException {
    SampleMetadata metadata = parse("{\"a\": \"x\", \"b\": [\"y\", 1, \"z\"], \"c\": 3}");
    assertThat(metadata.texts("a").orElseThrow()).containsExactly("x");
    assertThat(metadata.texts("b").orElseThrow()).containsExactly("y", "z");
    assertThat(metadata.texts("c")).isEmpty();
    assertThat(metadata.texts("d")).isEmpty();
  }

  private static SampleMetadata parse(String json) throws IOException {
    return SampleMetadata.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
