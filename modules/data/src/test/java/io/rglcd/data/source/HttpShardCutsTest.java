package io.rglcd.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class HttpShardCutsTest {

  @Property(tries = 25)
  void goesOnWhereTheConnectionBroke(
      @ForAll @IntRange(min = 4_096, max = 130_000) int cutAfter,
      @ForAll @IntRange(max = 120_000) int offset)
      throws IOException {
    try (ShardServer cutting = new ShardServer()) {
      byte[] bytes = HttpShards.noise(120_000);
      cutting.cutAfter(cutAfter);
      HttpShard shard =
          HttpShards.shard(
              cutting.put("/noise", bytes, "\"1\""), HttpShards.options(100, 5), pause -> {});
      try (InputStream in = shard.open(offset)) {
        assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, offset, bytes.length));
      }
      long lostAtMost = cutting.requests().size() * 16_384L;
      assertThat(cutting.bytesSent()).isLessThanOrEqualTo(bytes.length - offset + lostAtMost);
    }
  }
}
