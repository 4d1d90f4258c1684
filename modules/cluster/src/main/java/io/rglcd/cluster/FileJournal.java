package io.rglcd.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log in a directory that all coordinators share. A term has three names in it:
 *
 * <pre>
 * term-N.claim   made only if nobody else has: who made it, and nobody else, writes as term N
 * term-N.counts  how many bytes of each earlier term's records count, noted by who claimed term N
 *                before it began; a directory instead if a later claim found it missing, which
 *                makes term N void: whichever is there first stays
 * term-N.log     the records, one a line: see {@link JournalLines}
 * </pre>
 *
 * So a coordinator whose term is over may write what it likes: it does not count, in any later
 * reading, and all later readings agree on what does. Needs a file system with exclusive creation
 * and atomic renaming; on NFS mount it with {@code lookupcache=none,noac}, or a coordinator may
 * learn late that its term is over.
 */
public final class FileJournal implements CommitJournal {

  private static final Pattern CLAIM = Pattern.compile("term-(\\d{1,18})\\.claim");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);

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
      Map<Long, Long> cuts = cuts(next);
      List<HistoryRecord> records = new ArrayList<>();
      TreeMap<Long, Long> counted = new TreeMap<>();
      for (long t = 1; t < next; t++) {
        counted.put(t, read(t, cuts.getOrDefault(t, Long.MAX_VALUE), records));
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

  /**
   * How much of each term's file counts, by the claims before a term. A claim that has not noted it
   * yet cannot any more: else it could void what is read now.
   */
  private Map<Long, Long> cuts(long before) throws IOException {
    TreeMap<Long, Long> cuts = new TreeMap<>();
    for (long t = 1; t < before; t++) {
      Path file = cutFile(t);
      try {
        Files.createDirectory(file);
      } catch (FileAlreadyExistsException e) {
        LOG.debug("term {} has begun or is void", t, e);
      }
      if (Files.isRegularFile(file)) {
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
    try {
      Files.move(unfinished, cutFile(of), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(unfinished);
      refuseIfOver(new Term(of));
      throw e;
    }
    force(directory);
  }

  /** Reads the records of a term that count; returns their length in bytes. */
  private long read(long of, long limit, List<HistoryRecord> into) throws IOException {
    Path file = recordFile(of);
    if (limit == 0 || !Files.exists(file)) {
      return 0;
    }
    byte[] bytes = Files.readAllBytes(file);
    if (limit != Long.MAX_VALUE && bytes.length < limit) {
      throw new TrainingException(
          file + " has " + bytes.length + " bytes (expected: at least " + limit + ", restore it)");
    }
    return JournalLines.read(file, bytes, (int) Math.min(limit, bytes.length), into);
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
        ByteBuffer line = ByteBuffer.wrap(JournalLines.encode(record));
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
      term = Optional.empty();
      throw failed("append to", e);
    }
  }

  private void refuseIfOver(Term ours) throws IOException {
    long newest = newestClaim();
    if (newest > ours.value()) {
      throw new TermOverException(ours, newest);
    }
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
