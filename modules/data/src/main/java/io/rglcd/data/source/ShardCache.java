package io.rglcd.data.source;

import io.rglcd.data.DataException;
import io.rglcd.data.shard.ShardSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * A directory of whole shards, shared by the processes of a machine. A copy has its name only when
 * it is complete, and the name holds its CRC32C, which each process checks once before it uses the
 * copy. The copies that were not used for longest go when there is no room. Thread-safe.
 */
public final class ShardCache {

  private static final String COPY = ".tar";
  private static final String PART = ".part";

  /** Room is made for so much at a time, since the size of a shard may not be known. */
  private static final int STRIDE = 8 << 20;

  /** Locks of files are between processes only; these are between the threads of one. */
  private static final ConcurrentHashMap<Path, Object> MAKING = new ConcurrentHashMap<>();

  private final Path directory;
  private final long maxBytes;
  private final Set<Path> checked = ConcurrentHashMap.newKeySet();

  private ShardCache(Path directory, long maxBytes) {
    this.directory = directory;
    this.maxBytes = maxBytes;
  }

  /**
   * Opens a cache, making its directory.
   *
   * @param maxBytes of all copies together
   * @throws DataException if the directory cannot be made or written
   */
  public static ShardCache open(Path directory, long maxBytes) {
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, "probe", ""));
      return new ShardCache(directory, maxBytes);
    } catch (IOException e) {
      throw new DataException("shard cache " + directory + " cannot be written: " + e, e);
    }
  }

  /**
   * The copy of a shard, which is made if there is none.
   *
   * @return empty where there is no room for it
   * @throws IOException where the shard cannot be read
   */
  Optional<Path> copy(ShardSource shard) throws IOException {
    String name = name(shard);
    Path lock = directory.resolve(name + ".lock").toAbsolutePath();
    synchronized (MAKING.computeIfAbsent(lock, l -> new Object())) {
      try (FileChannel file =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.lock();
        Optional<Path> there = intact(name);
        return there.isPresent() ? there : made(shard, name);
      }
    }
  }

  /** The copy that is there, if it is as it was when it was made. */
  private Optional<Path> intact(String name) throws IOException {
    for (Path copy : files(name + "-*" + COPY)) {
      if (checked.contains(copy) || isIntact(copy)) {
        checked.add(copy);
        return Optional.of(copy);
      }
      Files.deleteIfExists(copy);
    }
    return Optional.empty();
  }

  private static boolean isIntact(Path copy) throws IOException {
    try (CheckedInputStream in = new CheckedInputStream(Files.newInputStream(copy), new CRC32C())) {
      in.transferTo(OutputStream.nullOutputStream());
      return copy.getFileName().toString().endsWith(suffix(in.getChecksum().getValue()));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static String suffix(long checksum) {
    return String.format("-%08x%s", checksum, COPY);
  }

  private Optional<Path> made(ShardSource shard, String name) throws IOException {
    Path part = directory.resolve(name + PART);
    CRC32C checksum = new CRC32C();
    try (InputStream in = shard.open(0)) {
      if (!written(in, part, checksum)) {
        return Optional.empty();
      }
      Path copy = directory.resolve(name + suffix(checksum.getValue()));
      Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
      checked.add(copy);
      return Optional.of(copy);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Whether all of a stream went into a file; not so where there is no room, or none is left. */
  private boolean written(InputStream in, Path part, CRC32C checksum) throws IOException {
    byte[] buffer = new byte[STRIDE];
    try (OutputStream out = open(part)) {
      for (int n = in.readNBytes(buffer, 0, STRIDE); n > 0; n = in.readNBytes(buffer, 0, STRIDE)) {
        checksum.update(buffer, 0, n);
        if (!makeRoom(n) || !write(out, buffer, n)) {
          return false;
        }
      }
      return true;
    }
  }

  private static OutputStream open(Path part) throws IOException {
    return Files.newOutputStream(part);
  }

  private static boolean write(OutputStream out, byte[] buffer, int count) {
    try {
      out.write(buffer, 0, count);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Deletes what was not used for longest until there is room; whether there is. */
  private synchronized boolean makeRoom(long bytes) throws IOException {
    List<Path> copies = new ArrayList<>(files("*" + COPY));
    copies.sort(Comparator.comparingLong(ShardCache::used));
    long taken = files("*" + PART).stream().mapToLong(ShardCache::size).sum();
    taken += copies.stream().mapToLong(ShardCache::size).sum();
    for (Path oldest : copies) {
      if (taken + bytes <= maxBytes) {
        return true;
      }
      taken -= size(oldest);
      Files.deleteIfExists(oldest);
      checked.remove(oldest);
    }
    return taken + bytes <= maxBytes;
  }

  private List<Path> files(String pattern) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, pattern)) {
      found.forEach(files::add);
    }
    return files;
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  private static long used(Path file) {
    return file.toFile().lastModified();
  }

  private static String name(ShardSource shard) throws IOException {
    String text = shard.name() + "\n" + shard.version();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
