package io.rglcd.data.shard;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a PAX extended header overrides: {@code LENGTH KEY=VALUE\n} records of which path and size
 * matter here.
 *
 * @param path the entry's name
 * @param size the entry's size in bytes
 */
record PaxRecords(Optional<String> path, Optional<Long> size) {

  static final PaxRecords EMPTY = new PaxRecords(Optional.empty(), Optional.empty());

  static PaxRecords parse(byte[] data, long at) throws TarException {
    Optional<String> path = Optional.empty();
    Optional<Long> size = Optional.empty();
    int start = 0;
    while (start < data.length && data[start] != 0) {
      int space = indexOf(data, ' ', start);
      int length = (int) decimal(data, start, space, at);
      int end = start + length;
      int equals = indexOf(data, '=', space);
      if (space < 0 || equals < 0 || length <= 0 || end > data.length || equals >= end) {
        throw malformed(at);
      }
      String key = new String(data, space + 1, equals - space - 1, StandardCharsets.UTF_8);
      if (key.equals("path")) {
        path = Optional.of(new String(data, equals + 1, end - equals - 2, StandardCharsets.UTF_8));
      } else if (key.equals("size")) {
        size = Optional.of(decimal(data, equals + 1, end - 1, at));
      }
      start = end;
    }
    return new PaxRecords(path, size);
  }

  private static int indexOf(byte[] data, char c, int from) {
    for (int i = Math.max(from, 0); i < data.length; i++) {
      if (data[i] == c) {
        return i;
      }
    }
    return -1;
  }

  private static long decimal(byte[] data, int from, int to, long at) throws TarException {
    if (to <= from || to - from > 18) {
      throw malformed(at);
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      if (data[i] < '0' || data[i] > '9') {
        throw malformed(at);
      }
      value = value * 10 + (data[i] - '0');
    }
    return value;
  }

  private static TarException malformed(long at) {
    return new TarException("malformed PAX header at byte " + at);
  }
}
