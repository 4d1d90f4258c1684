package io.rglcd.data.shard;

import io.rglcd.data.DataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A directory of shards' indices, so that each shard is read for its index once and not at every
 * start. An index counts for the version of the shard that it was made of. Files are written whole
 * or not at all, and damaged ones are made anew, so any number of processes may share a store.
 */
public final class IndexStore {

  private static final String FORMAT = "rglcd shard index 1";

  private final Path directory;

  private IndexStore(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens a store, making its directory.
   *
   * @throws DataException if that cannot be
   */
  public static IndexStore open(Path directory) {
    try {
      Files.createDirectories(directory);
      return new IndexStore(directory);
    } catch (IOException e) {
      throw new DataException("index directory " + directory + " cannot be made: " + e, e);
    }
  }

  /** As {@link ShardIndex#read(ShardSource)}, from the store where it has the shard. */
  public ShardIndex read(ShardSource shard) {
    String version;
    try {
      version = shard.version();
    } catch (IOException e) {
      return ShardIndex.read(shard);
    }
    Optional<ShardIndex> stored = stored(shard, version);
    if (stored.isPresent()) {
      return stored.get();
    }
    ShardIndex index = ShardIndex.read(shard);
    boolean whole = index.damage().isEmpty() && index.source().equals(shard);
    if (!whole || !(index.samples() instanceof SampleTable table) || !table.isWithin(shard)) {
      return index;
    }
    save(shard, version, table);
    return stored(shard, version).orElse(index);
  }

  private Optional<ShardIndex> stored(ShardSource shard, String version) {
    return load(shard, version)
        .map(
            table ->
                new ShardIndex(
                    shard, new StoredSamples(this, shard, version, table), Optional.empty()));
  }

  /** The samples of a shard; empty where they are not stored, of another version or damaged. */
  Optional<SampleTable> load(ShardSource shard, String version) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file(shard));
    } catch (IOException e) {
      return Optional.empty();
    }
    int content = bytes.length - Integer.BYTES;
    if (content < 0 || ByteBuffer.wrap(bytes).getInt(content) != checksum(bytes, content)) {
      return Optional.empty();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, content))) {
      List<String> expected = List.of(FORMAT, shard.name(), version);
      List<String> found = List.of(in.readUTF(), in.readUTF(), in.readUTF());
      return found.equals(expected) ? Optional.of(SampleTable.read(shard, in)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void save(ShardSource shard, String version, SampleTable table) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (String text : List.of(FORMAT, shard.name(), version)) {
        out.writeUTF(text);
      }
      table.write(out);
      out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
      Path part = Files.createTempFile(directory, "index-", ".part");
      Files.write(part, bytes.toByteArray());
      Files.move(part, file(shard), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new DataException("index directory " + directory + " cannot be written: " + e, e);
    }
  }

  private Path file(ShardSource shard) {
    try {
      byte[] name = shard.name().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(name);
      return directory.resolve(HexFormat.of().formatHex(digest, 0, 16) + ".index");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
