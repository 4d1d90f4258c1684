package io.rglcd.cluster.downing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Two sides that do not see each other, see {@link CutWorld}; it checks that never both decide. */
class LeaseMajorityPropertiesTest {

  private static final Duration TIME = Duration.ofMinutes(2);

  @Property(tries = 100)
  void exactlyOneSideDecidesAndItIsTheLargerOne(
      @ForAll @IntRange(min = 1, max = 3) int here,
      @ForAll @IntRange(min = 1, max = 3) int there,
      @ForAll long seed) {
    CutWorld world = new CutWorld(here, there, new Random(seed));
    world.run(TIME);
    assertThat(world.decided(true)).isNotEqualTo(world.decided(false));
    if (here != there) {
      assertThat(world.decided(true)).isEqualTo(here > there);
    }
  }

  @Property(tries = 100)
  void neverBothDecideWhateverFailsAndWhoeverDies(
      @ForAll @IntRange(min = 1, max = 3) int here,
      @ForAll @IntRange(min = 1, max = 3) int there,
      @ForAll @DoubleRange(min = 0, max = 1) double failing,
      @ForAll @IntRange(min = 0, max = 60_000) int deathMillis,
      @ForAll long seed) {
    Random random = new Random(seed);
    new CutWorld(here, there, random)
        .failing(failing)
        .killing(random.nextInt(here + there), Duration.ofMillis(deathMillis))
        .run(TIME);
  }

  @Property(tries = 100)
  void oneOfTwoThatComesBackCutOffDoesNotBeginBesideTheOther(
      @ForAll @IntRange(min = 0, max = 30_000) int death,
      @ForAll @IntRange(min = 0, max = 30_000) int later,
      @ForAll long seed) {
    new CutWorld(1, 1, new Random(seed))
        .killing(1, Duration.ofMillis(death))
        .founding(1, Duration.ofMillis(death + later))
        .run(TIME);
  }

  @Property(tries = 100)
  void oneOfTwoGoesOnWhenTheOtherIsDead(@ForAll long seed) {
    CutWorld world = new CutWorld(1, 1, new Random(seed)).killing(1, Duration.ZERO);
    world.run(CutWorld.STABLE.multipliedBy(3));
    assertThat(world.decided(true)).isTrue();
  }
}
