package io.rglcd.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cluster.protocol.HistoryRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The lines of a {@link FileJournal}: CRC32C of the JSON in eight hexadecimal digits, a blank, the
 * JSON of one record, a newline. A line is appended in one piece by one writer, so what a crash
 * leaves at the end has no newline: that is torn and does not count. Whatever else does not agree
 * with its checksum is damage.
 */
final class JournalLines {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CRC_DIGITS = 8;

  private JournalLines() {}

  static byte[] encode(HistoryRecord record) throws IOException {
    String kind = record instanceof HistoryRecord.Rewound ? "rewound" : "committed";
    byte[] json =
        JSON.writeValueAsBytes(JSON.createObjectNode().set(kind, JSON.valueToTree(record)));
    String text = new String(json, StandardCharsets.UTF_8);
    return (checksum(json, 0, json.length) + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads whole lines.
   *
   * @param file named in errors
   * @param bytes of it
   * @param end how many of them count
   * @param into takes the records
   * @return length in bytes of what was read; what follows is torn
   * @throws TrainingException where a line is damaged
   */
  static int read(Path file, byte[] bytes, int end, List<HistoryRecord> into) throws IOException {
    int at = 0;
    while (at < end) {
      int newline = at;
      while (newline < end && bytes[newline] != '\n') {
        newline++;
      }
      if (newline == end) {
        refuseIfWhole(file, bytes, at, end);
        return at;
      }
      int start = at;
      into.add(decode(bytes, at, newline).orElseThrow(() -> damaged(file, start)));
      at = newline + 1;
    }
    return at;
  }

  /** A whole record with something else in the place of its newline was not torn. */
  private static void refuseIfWhole(Path file, byte[] bytes, int at, int end) throws IOException {
    if (decode(bytes, at, end - 1).isPresent()) {
      throw damaged(file, at);
    }
  }

  private static Optional<HistoryRecord> decode(byte[] bytes, int from, int to) throws IOException {
    int json = from + CRC_DIGITS + 1;
    if (to <= json || bytes[json - 1] != ' ') {
      return Optional.empty();
    }
    String expected = new String(bytes, from, CRC_DIGITS, StandardCharsets.ISO_8859_1);
    if (!checksum(bytes, json, to - json).equals(expected)) {
      return Optional.empty();
    }
    JsonNode record = JSON.readTree(bytes, json, to - json);
    return Optional.of(
        record.has("rewound")
            ? JSON.treeToValue(record.get("rewound"), HistoryRecord.Rewound.class)
            : JSON.treeToValue(record.get("committed"), HistoryRecord.Committed.class));
  }

  private static String checksum(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return String.format("%08x", crc.getValue());
  }

  private static TrainingException damaged(Path file, int at) {
    return new TrainingException(
        file + " is damaged at byte " + at + " (restore it, or take a checkpoint without it)");
  }
}
