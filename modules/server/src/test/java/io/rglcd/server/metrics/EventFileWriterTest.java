package io.rglcd.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileWriterTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_700_000_000, 500_000_000), ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void eventsReadBackAsWritten() throws IOException {
    Path file;
    try (EventFileWriter writer = EventFileWriter.create(folder.resolve("tb"), CLOCK)) {
      writer.scalars(300, new TreeMap<>(Map.of("loss", 0.25, "reward", -1.5)));
      file = writer.file();
    }

    List<ByteBuffer> records = records(Files.readAllBytes(file));

    assertThat(records).hasSize(2);
    ByteBuffer version = records.get(0);
    assertThat(version.get()).isEqualTo((byte) 0x09);
    assertThat(version.getDouble()).isEqualTo(1_700_000_000.5);
    assertThat(version.get()).isEqualTo((byte) 0x1a);
    assertThat(text(version)).isEqualTo("brain.Event:2");
    ByteBuffer event = records.get(1);
    event.get();
    event.getDouble();
    assertThat(event.get()).isEqualTo((byte) 0x10);
    assertThat(varint(event)).isEqualTo(300);
    assertThat(event.get()).isEqualTo((byte) 0x2a);
    assertThat(varint(event)).isEqualTo(event.remaining());
    assertThat(scalar(event)).isEqualTo(Map.entry("loss", 0.25f));
    assertThat(scalar(event)).isEqualTo(Map.entry("reward", -1.5f));
    assertThat(event.hasRemaining()).isFalse();
  }

  @Test
  void anUnwritablePlaceIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "");

    assertThatThrownBy(() -> EventFileWriter.create(file, CLOCK))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("taken");
  }

  private static Map.Entry<String, Float> scalar(ByteBuffer event) {
    assertThat(event.get()).isEqualTo((byte) 0x0a);
    varint(event);
    assertThat(event.get()).isEqualTo((byte) 0x0a);
    String tag = text(event);
    assertThat(event.get()).isEqualTo((byte) 0x15);
    return Map.entry(tag, event.getFloat());
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[(int) varint(in)];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** Splits records and checks their sums with a bitwise CRC32C of the test's own. */
  private static List<ByteBuffer> records(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<ByteBuffer> records = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(maskedCrc(length));
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(data);
      assertThat(in.getInt()).isEqualTo(maskedCrc(data));
      records.add(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
    }
    return records;
  }

  private static int maskedCrc(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }
}
