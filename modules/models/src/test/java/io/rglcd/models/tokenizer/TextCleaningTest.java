package io.rglcd.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextCleaningTest {

  @ParameterizedTest
  @CsvSource({
    "fish &amp chips, fish & chips",
    "&hearts; &#x1F600; &#128;, ♥ 😀 €",
    "&amp;lt;b&amp;gt;, <b>",
    "&notanentity stays, ¬anentity stays",
    "&zzz; stays, &zzz; stays",
    "A & B, a & b"
  })
  void resolvesEntitiesAsPythonDoes(String text, String cleaned) {
    assertThat(TextCleaning.openClip(text)).isEqualTo(cleaned);
  }

  @ParameterizedTest
  @CsvSource({"&amp; A, &amp; a", "x世界y, x 世 界 y", "cre\u0300me, crème"})
  void cleansAsTransformersDoesWithoutFtfy(String text, String cleaned) {
    assertThat(TextCleaning.huggingFace(text)).isEqualTo(cleaned);
  }
}
