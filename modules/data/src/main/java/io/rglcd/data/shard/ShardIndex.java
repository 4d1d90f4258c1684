package io.rglcd.data.shard;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The samples of one shard and where their bytes are, from one pass over the tar headers. Any
 * sample can then be read by itself.
 *
 * <p>Entries are grouped as webdataset does: consecutive entries of one key are a sample, another
 * key or a repeated extension starts the next. A shard ends its last sample: unlike the original,
 * which joins a key that is split over two shards when shards happen to be read in a row, what a
 * shard holds does not depend on its neighbours.
 *
 * @param source the shard
 * @param samples in the order of the archive
 * @param damage empty where the whole archive was read
 */
public record ShardIndex(
    ShardSource source, List<SampleEntry> samples, Optional<ShardDamage> damage) {

  /** Copies the list. */
  public ShardIndex {
    samples = List.copyOf(samples);
  }

  /** Reads the headers of a shard; never throws for what is wrong with it but reports it. */
  public static ShardIndex read(ShardSource source) {
    List<SampleEntry> samples = new ArrayList<>();
    Group group = new Group(samples);
    String reason = null;
    try (InputStream in = source.open(0)) {
      TarReader reader = new TarReader(in);
      for (Optional<TarEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
        TarEntry entry = e.get();
        SampleName.of(entry.name()).ifPresent(name -> group.add(name, entry));
      }
    } catch (IOException e) {
      reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
    group.end();
    Optional<ShardDamage> damage =
        Optional.ofNullable(reason)
            .map(text -> new ShardDamage(source.name(), text, samples.size()));
    return new ShardIndex(source, samples, damage);
  }

  /** The bytes of one field of one sample. */
  public byte[] read(SampleEntry.Field field) throws IOException {
    try (InputStream in = source.open(field.offset())) {
      byte[] bytes = in.readNBytes(Math.toIntExact(field.size()));
      if (bytes.length < field.size()) {
        throw new TarException("the shard has become shorter while it was used");
      }
      return bytes;
    }
  }

  /** The sample whose entries are just being met. */
  private static final class Group {

    private final List<SampleEntry> samples;
    private final List<SampleEntry.Field> fields = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private String key = "";

    Group(List<SampleEntry> samples) {
      this.samples = samples;
    }

    void add(SampleName name, TarEntry entry) {
      if (!name.key().equals(key) || names.contains(name.field())) {
        end();
        key = name.key();
      }
      names.add(name.field());
      fields.add(new SampleEntry.Field(name.field(), entry.offset(), entry.size()));
    }

    void end() {
      if (!fields.isEmpty()) {
        samples.add(new SampleEntry(key, fields));
        fields.clear();
        names.clear();
      }
    }
  }
}
