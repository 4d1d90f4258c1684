package io.rglcd.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A log in a directory that all coordinators share. Each term has a claim, created only if nobody
 * else has, and a file of records, one a line: CRC32C in hexadecimal, a blank, JSON. Whoever claims
 * a term notes how much of the files before counts, so that a coordinator whose term is over may
 * write what it likes: it is void. A line that is torn at the end of a file does not count; one
 * that is damaged before that is an error.
 */
public final class FileJournal implements CommitJournal {

  private static final Pattern CLAIM = Pattern.compile("term-(\\d{1,18})\\.claim");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CRC_DIGITS = 8;

  private final Path directory;
  private Optional<Term> term = Optional.empty();

  /**
   * A log in a directory.
   *
   * @param directory made if missing
   */
  public FileJournal(Path directory) {
    this.directory = directory;
  }

  @Override
  public synchronized Claim claim() {
    try {
      Files.createDirectories(directory);
      long next = newestClaim() + 1;
      while (!create(claimFile(next))) {
        next++;
      }
      List<HistoryRecord> records = new ArrayList<>();
      TreeMap<Long, Long> counted = new TreeMap<>();
      Map<Long, Long> cuts = cuts(next);
      for (long t = 1; t < next; t++) {
        if (Files.exists(recordFile(t))) {
          counted.put(t, read(recordFile(t), cuts.getOrDefault(t, Long.MAX_VALUE), records));
        }
      }
      writeCuts(next, counted);
      term = Optional.of(new Term(next));
      return new Claim(term.get(), records);
    } catch (IOException e) {
      throw failed("claim", e);
    }
  }

  private static boolean create(Path file) throws IOException {
    try {
      Files.createFile(file);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private long newestClaim() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> CLAIM.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(1)))
          .max()
          .orElse(0);
    }
  }

  /** How much of each term's file counts, by the claims before a term. */
  private Map<Long, Long> cuts(long before) throws IOException {
    TreeMap<Long, Long> cuts = new TreeMap<>();
    for (long t = 1; t < before; t++) {
      Path file = cutFile(t);
      if (Files.exists(file)) {
        JSON.readTree(Files.readString(file))
            .fields()
            .forEachRemaining(
                entry -> cuts.putIfAbsent(Long.valueOf(entry.getKey()), entry.getValue().asLong()));
      }
    }
    return cuts;
  }

  private void writeCuts(long of, Map<Long, Long> counted) throws IOException {
    Path unfinished = directory.resolve("term-" + of + ".tmp");
    Files.writeString(unfinished, JSON.writeValueAsString(counted));
    force(unfinished);
    Files.move(unfinished, cutFile(of), StandardCopyOption.ATOMIC_MOVE);
    force(directory);
  }

  /** Reads the records of a file that count; returns their length in bytes. */
  private static long read(Path file, long limit, List<HistoryRecord> into) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = (int) Math.min(limit, bytes.length);
    int at = 0;
    while (at < end) {
      int newline = at;
      while (newline < end && bytes[newline] != '\n') {
        newline++;
      }
      Optional<HistoryRecord> record =
          newline < end
              ? decode(new String(bytes, at, newline - at, StandardCharsets.UTF_8))
              : Optional.empty();
      if (record.isEmpty()) {
        boolean last = newline >= end - 1;
        if (!last) {
          throw new TrainingException(
              file
                  + " is damaged at byte "
                  + at
                  + " (restore it, or take a checkpoint without it)");
        }
        return at;
      }
      into.add(record.get());
      at = newline + 1;
    }
    return at;
  }

  @Override
  public synchronized void append(HistoryRecord record) {
    if (!term.equals(Optional.of(record.term()))) {
      throw new TrainingException("term " + record.term() + " was not claimed here");
    }
    Path file = recordFile(record.term().value());
    try {
      refuseIfOver(record.term());
      boolean isNew = !Files.exists(file);
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND)) {
        ByteBuffer line = ByteBuffer.wrap(encode(record).getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
          channel.write(line);
        }
        channel.force(true);
      }
      if (isNew) {
        force(directory);
      }
      refuseIfOver(record.term());
    } catch (IOException e) {
      throw failed("append to", e);
    }
  }

  private void refuseIfOver(Term ours) throws IOException {
    long newest = newestClaim();
    if (newest > ours.value()) {
      throw new TrainingException(
          "term " + ours + " is over: a coordinator of term " + newest + " has taken over");
    }
  }

  private static String encode(HistoryRecord record) throws JsonProcessingException {
    String kind = record instanceof HistoryRecord.Rewound ? "rewound" : "committed";
    String json =
        JSON.writeValueAsString(JSON.createObjectNode().set(kind, JSON.valueToTree(record)));
    return checksum(json) + " " + json + "\n";
  }

  private static Optional<HistoryRecord> decode(String line) throws JsonProcessingException {
    if (line.length() <= CRC_DIGITS
        || !checksum(line.substring(CRC_DIGITS + 1)).equals(line.substring(0, CRC_DIGITS))) {
      return Optional.empty();
    }
    JsonNode json = JSON.readTree(line.substring(CRC_DIGITS + 1));
    return Optional.of(
        json.has("rewound")
            ? JSON.treeToValue(json.get("rewound"), HistoryRecord.Rewound.class)
            : JSON.treeToValue(json.get("committed"), HistoryRecord.Committed.class));
  }

  private static String checksum(String json) {
    CRC32C crc = new CRC32C();
    crc.update(json.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private Path claimFile(long of) {
    return directory.resolve("term-" + of + ".claim");
  }

  private Path cutFile(long of) {
    return directory.resolve("term-" + of + ".counts");
  }

  private Path recordFile(long of) {
    return directory.resolve("term-" + of + ".log");
  }

  private TrainingException failed(String what, IOException e) {
    return new TrainingException(
        "cannot "
            + what
            + " the log "
            + directory
            + ": "
            + Optional.ofNullable(e.getMessage()).orElse(e.toString()),
        e);
  }
}
