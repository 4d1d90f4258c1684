package io.rglcd.tensor.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class CounterRandomTest {

  private static final int DRAWS = 200_000;

  private static List<Integer> words(long seed, long epoch, long sample, Purpose purpose) {
    RandomStream stream = CounterRandom.of(seed).at(epoch, sample, purpose);
    return IntStream.range(0, 16).mapToObj(i -> stream.nextInt()).collect(Collectors.toList());
  }

  @Example
  void aStreamIsPhiloxOverTheAddress() {
    int[] first = {0, 0x01000000, 5, 3};
    Philox.encrypt(first, 7, 9);
    int[] second = {1, 0x01000000, 5, 3};
    Philox.encrypt(second, 7, 9);
    RandomStream stream = CounterRandom.of(9L << 32 | 7).at(3, 5, Purpose.NOISE);
    for (int[] block : List.of(first, second)) {
      for (int word : block) {
        assertThat(stream.nextInt()).isEqualTo(word);
      }
    }
  }

  @Property(tries = 200)
  void oneAddressGivesTheSameNumbersAgain(
      @ForAll long seed,
      @ForAll @LongRange(max = 0xFFFFFFFFL) long epoch,
      @ForAll @LongRange(max = (1L << 56) - 1) long sample,
      @ForAll Purpose purpose) {
    assertThat(words(seed, epoch, sample, purpose)).isEqualTo(words(seed, epoch, sample, purpose));
  }

  @Property(tries = 200)
  void changingAnyPartOfTheAddressGivesOtherNumbers(
      @ForAll long seed,
      @ForAll @LongRange(max = 0xFFFFFFFEL) long epoch,
      @ForAll @LongRange(max = (1L << 56) - 2) long sample,
      @ForAll Purpose purpose,
      @ForAll Purpose other,
      @ForAll @IntRange(max = 63) int bit) {
    Assume.that(other != purpose);
    Set<Integer> seen = new HashSet<>(words(seed, epoch, sample, purpose));
    for (List<Integer> stream :
        List.of(
            words(seed ^ 1L << bit, epoch, sample, purpose),
            words(seed, epoch + 1, sample, purpose),
            words(seed, epoch, sample + 1, purpose),
            words(seed, epoch, sample, other))) {
      seen.addAll(stream);
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(5 * 16 - 1);
  }

  @Example
  void epochAndSampleDoNotStandInForEachOther() {
    assertThat(words(0, 1, 2, Purpose.NOISE))
        .doesNotContainAnyElementsOf(words(0, 2, 1, Purpose.NOISE));
  }

  @Example
  void purposesHaveCodesOfTheirOwn() {
    assertThat(Arrays.stream(Purpose.values()).map(Purpose::code))
        .doesNotHaveDuplicates()
        .allMatch(code -> code > 0 && code < 256);
  }

  @Example
  void normalsOfNeighbouringStreamsAreStandardAndUncorrelated() {
    float[] a = new float[DRAWS];
    float[] b = new float[DRAWS];
    CounterRandom.of(1).at(0, 0, Purpose.NOISE).fillNormal(a, 0, DRAWS);
    CounterRandom.of(1).at(0, 1, Purpose.NOISE).fillNormal(b, 0, DRAWS);
    double mean = 0;
    double square = 0;
    double fourth = 0;
    double product = 0;
    for (int i = 0; i < DRAWS; i++) {
      double x = a[i];
      mean += x / DRAWS;
      square += x * x / DRAWS;
      fourth += x * x * x * x / DRAWS;
      product += x * b[i] / DRAWS;
    }
    assertThat(mean).isCloseTo(0, within(0.01));
    assertThat(square).isCloseTo(1, within(0.015));
    assertThat(fourth).isCloseTo(3, within(0.12));
    assertThat(product).isCloseTo(0, within(0.01));
  }

  @Example
  void normalsDoNotDependOnHowTheyAreAskedFor() {
    float[] whole = new float[101];
    CounterRandom.of(5).at(1, 2, Purpose.SAMPLING).fillNormal(whole, 0, 101);
    float[] pieces = new float[101];
    RandomStream stream = CounterRandom.of(5).at(1, 2, Purpose.SAMPLING);
    stream.fillNormal(pieces, 0, 33);
    stream.fillNormal(pieces, 33, 1);
    stream.fillNormal(pieces, 34, 67);
    assertThat(pieces).isEqualTo(whole);
  }

  @Property(tries = 200)
  void integersStayBelowTheirBound(@ForAll long seed, @ForAll @IntRange(min = 1) int bound) {
    RandomStream stream = CounterRandom.of(seed).at(0, 0, Purpose.TIMESTEP);
    for (int i = 0; i < 20; i++) {
      assertThat(stream.nextInt(bound)).isBetween(0, bound - 1);
    }
  }

  @Example
  void integersAreUniform() {
    int[] counts = new int[50];
    RandomStream stream = CounterRandom.of(3).at(0, 0, Purpose.TIMESTEP);
    for (int i = 0; i < DRAWS; i++) {
      counts[stream.nextInt(50)]++;
    }
    double chiSquare =
        Arrays.stream(counts)
            .mapToDouble(c -> Math.pow(c - DRAWS / 50.0, 2) / (DRAWS / 50.0))
            .sum();
    assertThat(chiSquare).isBetween(20.0, 95.0);
  }

  @Example
  void aBoundJustAboveAPowerOfTwoIsNotFavouringSmallNumbers() {
    int bound = (1 << 30) + (1 << 29);
    RandomStream stream = CounterRandom.of(4).at(0, 0, Purpose.TIMESTEP);
    int[] thirds = new int[3];
    for (int i = 0; i < DRAWS; i++) {
      thirds[stream.nextInt(bound) >>> 29]++;
    }
    assertThat(thirds)
        .satisfies(
            t ->
                Arrays.stream(t)
                    .forEach(
                        c -> assertThat((double) c / DRAWS).isCloseTo(1 / 3.0, within(0.006))));
  }

  @Example
  void floatsAreUniformBelowOne() {
    RandomStream stream = CounterRandom.of(6).at(0, 0, Purpose.GUIDANCE);
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
      float x = stream.nextFloat();
      assertThat(x).isGreaterThanOrEqualTo(0f).isLessThan(1f);
      sum += x;
    }
    assertThat(sum / DRAWS).isCloseTo(0.5, within(0.005));
  }

  @Example
  void threadsThatShareAFamilyDrawWhatOneThreadDraws() {
    CounterRandom family = CounterRandom.of(8);
    List<Integer> one =
        LongStream.range(0, 1000).mapToObj(i -> family.at(0, i, Purpose.FLIP).nextInt()).toList();
    List<Integer> several =
        LongStream.range(0, 1000)
            .parallel()
            .mapToObj(i -> family.at(0, i, Purpose.FLIP).nextInt())
            .toList();
    assertThat(several).isEqualTo(one);
  }

  @Example
  void addressesOutOfRangeAreNamed() {
    CounterRandom family = CounterRandom.of(0);
    assertThatThrownBy(() -> family.at(-1, 0, Purpose.NOISE))
        .hasMessageContaining("epoch")
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> family.at(0, 1L << 56, Purpose.NOISE)).hasMessageContaining("sample");
    assertThatThrownBy(() -> family.at(0, 0, Purpose.NOISE).nextInt(0))
        .hasMessageContaining("bound: 0");
    assertThatThrownBy(() -> family.at(0, 0, Purpose.NOISE).fillNormal(new float[2], 1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
