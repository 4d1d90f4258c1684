package io.rglcd.data.shard;

import io.rglcd.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The samples that begin in one shard and where their bytes are, from one pass over the tar
 * headers. Any sample can then be read by itself. A gzip'ed shard is unpacked into a temporary
 * file.
 *
 * @param source the shard
 * @param samples in the order of the archive
 * @param damage empty where the whole archive was read
 */
public record ShardIndex(
    ShardSource source, List<SampleEntry> samples, Optional<ShardDamage> damage) {

  /** A shard that is longer, as an endless stream would be, is read no further: 64 GiB. */
  static final long MAX_SHARD_BYTES = 64L << 30;

  /** A shard of more files is read no further. */
  static final long MAX_ENTRIES = 10_000_000;

  /** A shard that changes more often while it is read is damaged. */
  private static final int MAX_CHANGES = 3;

  /** Copies the list into a compact one. */
  public ShardIndex {
    samples = SampleTable.of(samples);
  }

  /**
   * Reads the headers of a shard; never throws for what is wrong with it but reports it. One that
   * changes meanwhile is read anew. Nothing is known of its neighbours yet: see {@link #join}.
   *
   * @throws DataException where the shard exists, for all that is known, but cannot be had
   */
  public static ShardIndex read(ShardSource source) {
    return read(source, MAX_SHARD_BYTES);
  }

  static ShardIndex read(ShardSource source, long maxBytes) {
    ShardSource now = source;
    String reason = "";
    for (int changes = 0; changes <= MAX_CHANGES; changes++) {
      try {
        return readOnce(now, maxBytes);
      } catch (ShardChangedException e) {
        reason = sentence(e);
        now = now.anew();
      } catch (ShardMissingException e) {
        return unread(source, new ShardDamage(source.name(), sentence(e), 0, true));
      } catch (ShardUnavailableException e) {
        throw new DataException(sentence(e), e);
      }
    }
    return unread(source, new ShardDamage(source.name(), reason, 0));
  }

  private static ShardIndex unread(ShardSource source, ShardDamage damage) {
    return new ShardIndex(source, List.of(), Optional.of(damage));
  }

  private static ShardIndex readOnce(ShardSource source, long maxBytes)
      throws ShardChangedException, ShardUnavailableException {
    SampleGrouping grouping = new SampleGrouping();
    Optional<String> reason;
    try (PushbackInputStream in =
        new PushbackInputStream(source.open(0), UnpackedShard.MAGIC_LENGTH)) {
      byte[] start = in.readNBytes(UnpackedShard.MAGIC_LENGTH);
      in.unread(start);
      reason =
          UnpackedShard.isGzip(start)
              ? readUnpacked(UnpackedShard.unpack(source.name(), in, maxBytes), grouping)
              : readEntries(source, in, grouping, maxBytes);
    } catch (ShardChangedException | ShardUnavailableException e) {
      throw e;
    } catch (IOException e) {
      reason = Optional.of(sentence(e));
    }
    List<SampleEntry> samples = grouping.finish();
    Optional<ShardDamage> damage =
        reason.map(text -> new ShardDamage(source.name(), text, samples.size()));
    return new ShardIndex(source, samples, damage);
  }

  private static Optional<String> readUnpacked(UnpackedShard shard, SampleGrouping grouping)
      throws IOException {
    try (InputStream in = shard.open(0)) {
      return readEntries(shard, in, grouping, Long.MAX_VALUE)
          .map(reason -> shard.damage().orElse(reason));
    }
  }

  /** What is wrong with the archive, empty where it was read to its end. */
  private static Optional<String> readEntries(
      ShardSource shard, InputStream in, SampleGrouping grouping, long maxBytes)
      throws ShardChangedException, ShardUnavailableException {
    try {
      TarReader reader = new TarReader(in);
      long entries = 0;
      for (Optional<TarEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
        TarEntry entry = e.get();
        if (++entries > MAX_ENTRIES || entry.offset() > maxBytes - entry.size()) {
          return Optional.of(
              "more than " + maxBytes + " bytes or " + MAX_ENTRIES + " files in one shard");
        }
        SampleName.of(entry.name())
            .ifPresent(
                name ->
                    grouping.add(
                        name.key(),
                        new SampleEntry.Field(shard, name.field(), entry.offset(), entry.size())));
      }
      return Optional.empty();
    } catch (ShardChangedException | ShardUnavailableException e) {
      throw e;
    } catch (IOException e) {
      return Optional.of(sentence(e));
    }
  }

  private static String sentence(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /**
   * Joins the samples that lie across the ends of shards, as the original does when it reads shards
   * in a row: the end of a shard is no end of a sample. Such a sample belongs to the shard where it
   * begins.
   *
   * @param shards in the order of the data set
   */
  public static List<ShardIndex> join(List<ShardIndex> shards) {
    List<ShardIndex> joined = new ArrayList<>();
    int open = -1;
    for (ShardIndex shard : shards) {
      joined.add(shard);
      int at = joined.size() - 1;
      if (open >= 0 && !shard.samples.isEmpty()) {
        joinAcross(joined, open, at);
      }
      open = joined.get(at).samples.isEmpty() ? open : at;
    }
    return joined;
  }

  private static void joinAcross(List<ShardIndex> shards, int open, int at) {
    List<SampleEntry> before = shards.get(open).samples;
    List<SampleEntry> after = shards.get(at).samples;
    SampleEntry last = before.get(before.size() - 1);
    int same = 0;
    while (same < after.size() && after.get(same).key().equals(last.key())) {
      same++;
    }
    if (same == 0) {
      return;
    }
    SampleGrouping grouping = new SampleGrouping();
    last.fields().forEach(field -> grouping.add(last.key(), field));
    after.subList(0, same).stream()
        .flatMap(sample -> sample.fields().stream())
        .forEach(field -> grouping.add(last.key(), field));
    List<SampleEntry> regrouped = grouping.finish();
    List<SampleEntry> start = new ArrayList<>(before.subList(0, before.size() - 1));
    start.add(regrouped.get(0));
    List<SampleEntry> rest = new ArrayList<>(regrouped.subList(1, regrouped.size()));
    rest.addAll(after.subList(same, after.size()));
    shards.set(open, shards.get(open).withSamples(start));
    shards.set(at, shards.get(at).withSamples(rest));
  }

  private ShardIndex withSamples(List<SampleEntry> others) {
    return new ShardIndex(source, others, damage);
  }
}
