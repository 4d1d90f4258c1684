package io.rglcd.server.metrics;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * {@code tensorflow.Event} in protocol buffers' wire format: wall_time = 1 (double), step = 2
 * (int64), file_version = 3 (string), summary = 5; {@code Summary.value} = 1 with tag = 1 (string)
 * and simple_value = 2 (float).
 */
final class EventMessage {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private EventMessage() {}

  static byte[] fileVersion(double wallTime) {
    EventMessage event = new EventMessage();
    event.putDouble(1, wallTime);
    event.putText(3, "brain.Event:2");
    return event.out.toByteArray();
  }

  static byte[] scalars(double wallTime, long step, Map<String, Double> values) {
    EventMessage summary = new EventMessage();
    values.forEach(
        (tag, value) -> {
          EventMessage entry = new EventMessage();
          entry.putText(1, tag);
          entry.putFloat(2, value.floatValue());
          summary.putBytes(1, entry.out.toByteArray());
        });
    EventMessage event = new EventMessage();
    event.putDouble(1, wallTime);
    event.putLong(2, step);
    event.putBytes(5, summary.out.toByteArray());
    return event.out.toByteArray();
  }

  private void putDouble(int field, double value) {
    putKey(field, FIXED64);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
  }

  private void putFloat(int field, float value) {
    putKey(field, FIXED32);
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
  }

  private void putLong(int field, long value) {
    putKey(field, VARINT);
    putVarint(value);
  }

  private void putText(int field, String text) {
    putBytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  private void putBytes(int field, byte[] bytes) {
    putKey(field, BYTES);
    putVarint(bytes.length);
    out.writeBytes(bytes);
  }

  private void putKey(int field, int type) {
    putVarint(((long) field << 3) | type);
  }

  private void putVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
