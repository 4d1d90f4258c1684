package io.rglcd.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PixelLevelsTest {

  @Test
  void everyLevelSurvivesTheWayThereAndBack() {
    byte[] levels = new byte[256];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) i;
    }
    float[] values = PixelLevels.values(levels);
    assertThat(values[0]).isEqualTo(-1f);
    assertThat(values[255]).isEqualTo(1f);
    assertThat(values).isSorted().doesNotHaveDuplicates();
    assertThat(PixelLevels.levels(values)).contains(levels);
  }

  @Test
  void valuesBetweenLevelsHaveNone() {
    assertThat(PixelLevels.levels(new float[] {1f, Math.nextDown(1f)})).isEmpty();
    assertThat(PixelLevels.levels(new float[] {3f})).isEmpty();
    assertThat(PixelLevels.levels(new float[] {Float.NaN})).isEmpty();
  }
}
