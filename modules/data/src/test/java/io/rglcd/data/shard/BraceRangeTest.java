package io.rglcd.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.DataException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BraceRangeTest {

  @Test
  void keepsZeroPadding() {
    assertThat(BraceRange.expand("a/{00009..00011}.tar"))
        .containsExactly("a/00009.tar", "a/00010.tar", "a/00011.tar");
    assertThat(BraceRange.expand("{9..11}")).containsExactly("9", "10", "11");
  }

  @Test
  void combinesListsRangesAndNesting() {
    assertThat(BraceRange.expand("{x,y{1..2}}-{0..1}"))
        .containsExactly("x-0", "x-1", "y1-0", "y1-1", "y2-0", "y2-1");
  }

  @Test
  void countsDownwards() {
    assertThat(BraceRange.expand("{3..1}")).containsExactly("3", "2", "1");
  }

  @Test
  void takesStepsAndLetters() {
    assertThat(BraceRange.expand("{00..10..5}")).containsExactly("00", "05", "10");
    assertThat(BraceRange.expand("{7..0..3}")).containsExactly("7", "4", "1");
    assertThat(BraceRange.expand("{a..c}{Y..Z}"))
        .containsExactly("aY", "aZ", "bY", "bZ", "cY", "cZ");
  }

  @Property(tries = 200)
  void aRangeHasEveryNumberOnceAtOneWidth(
      @ForAll @IntRange(max = 5000) int first, @ForAll @IntRange(max = 300) int more) {
    String from = String.format("%05d", first);
    String to = String.format("%05d", first + more);
    List<String> names = BraceRange.expand("s{" + from + ".." + to + "}");
    assertThat(names).hasSize(more + 1).doesNotHaveDuplicates().isSorted();
    assertThat(names).allMatch(name -> name.length() == 6);
    assertThat(names.get(more)).isEqualTo("s" + to);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a{0..",
        "a}b",
        "a{}b",
        "a{1}b",
        "a{x..yy}",
        "a{-1..2}",
        "{{1..2}",
        "{1..5..0}",
        "{1..5..-1}",
        "{a..5}"
      })
  void refusesWhatIsNotARange(String pattern) {
    assertThatThrownBy(() -> BraceRange.expand(pattern))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void refusesRangesBeyondReason() {
    assertThatThrownBy(() -> BraceRange.expand("{0..999}{0..999}{0..999}"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("1000000");
    assertThatThrownBy(() -> BraceRange.expand("{0..9223372036854775807}"))
        .isInstanceOf(DataException.class);
  }
}
