package io.rglcd.cluster.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.dataplane.Staging.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeptFramesTest {

  private final Staging staging = new Staging(Wire.BF16, 4);
  private final Addition addition = new Addition(Wire.BF16, staging);

  private Addition.Frame frame(Room room) {
    return new Addition.Frame(room.bytes(8), 0, Optional.of(room));
  }

  @AfterEach
  void closeStaging() {
    staging.close();
  }

  @Test
  void memoryIsFreeWhenAllHaveSentIt() {
    Room room = staging.take();
    KeptFrames.Frame frame = new KeptFrames(addition, 2).keep(frame(room)).orElseThrow();
    frame.bytes().getInt();
    assertThat(frame.bytes().position()).as("each sender's own").isZero();
    frame.sent();
    assertThat(staging.take()).as("one has not sent it yet").isNotSameAs(room);
    frame.sent();
    assertThat(staging.take()).isSameAs(room);
  }

  @Test
  void whatIsTooMuchIsNotKeptAndOneThatIsSentMakesRoom() {
    KeptFrames kept = new KeptFrames(addition, 1);
    List<KeptFrames.Frame> frames = new ArrayList<>();
    Optional<KeptFrames.Frame> next = kept.keep(frame(staging.take()));
    while (next.isPresent()) {
      frames.add(next.get());
      next = kept.keep(frame(staging.take()));
    }
    assertThat(frames).hasSize(16);
    frames.get(3).sent();
    assertThat(kept.keep(frame(staging.take()))).isPresent();
    assertThat(kept.keep(frame(staging.take()))).isEmpty();
  }

  @Test
  void whatIsNotSentByAllIsFreeAtTheEnd() {
    KeptFrames kept = new KeptFrames(addition, 2);
    Room room = staging.take();
    KeptFrames.Frame frame = kept.keep(frame(room)).orElseThrow();
    frame.sent();
    kept.end();
    assertThat(staging.take()).isSameAs(room);
    frame.sent();
    assertThat(staging.take()).as("freed once").isNotSameAs(room);
  }
}
