package io.rglcd.cluster.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptFramesTest {

  private final Staging staging = new Staging(8);

  @Test
  void memoryIsFreeWhenAllHaveSentIt() {
    ByteBuffer room = staging.take(8);
    KeptFrames.Frame frame = new KeptFrames(staging, 2).keep(room).orElseThrow();
    frame.bytes().getInt();
    assertThat(frame.bytes().position()).as("each sender's own").isZero();
    frame.sent();
    assertThat(staging.take(8)).as("one has not sent it yet").isNotSameAs(room);
    frame.sent();
    assertThat(staging.take(4)).isSameAs(room);
  }

  @Test
  void whatIsTooMuchIsNotKeptAndOneThatIsSentMakesRoom() {
    KeptFrames kept = new KeptFrames(staging, 1);
    List<KeptFrames.Frame> frames = new ArrayList<>();
    Optional<KeptFrames.Frame> next = kept.keep(ByteBuffer.allocateDirect(8));
    while (next.isPresent()) {
      frames.add(next.get());
      next = kept.keep(ByteBuffer.allocateDirect(8));
    }
    assertThat(frames).hasSize(16);
    frames.get(3).sent();
    assertThat(kept.keep(ByteBuffer.allocateDirect(8))).isPresent();
    assertThat(kept.keep(ByteBuffer.allocateDirect(8))).isEmpty();
  }
}
