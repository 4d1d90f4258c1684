package io.rglcd.data.shard;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/**
 * The samples of a shard in a few arrays: about 80 bytes a sample of three files, where objects
 * take five times as much. Entries are made when they are asked for. Immutable.
 */
final class SampleTable extends AbstractList<SampleEntry> implements RandomAccess {

  /** The keys in UTF-8, one after the other, and where each ends. */
  private final byte[] keys;

  private final int[] keyEnds;

  /** Number of the file behind each sample's last. */
  private final int[] fileEnds;

  private final int[] names;
  private final long[] offsets;
  private final long[] sizes;
  private final String[] distinctNames;

  /** The shards of those files that are not in the shard of the first; few, if any. */
  private final Map<Integer, ShardSource> elsewhere = new HashMap<>();

  private final ShardSource shard;

  private SampleTable(List<SampleEntry> samples) {
    int files = samples.stream().mapToInt(sample -> sample.fields().size()).sum();
    this.shard = files == 0 ? null : firstFile(samples).shard();
    this.keyEnds = new int[samples.size()];
    this.fileEnds = new int[samples.size()];
    this.names = new int[files];
    this.offsets = new long[files];
    this.sizes = new long[files];
    byte[] text = new byte[16 * samples.size()];
    int length = 0;
    Map<String, Integer> known = new HashMap<>();
    int file = 0;
    for (int i = 0; i < keyEnds.length; i++) {
      SampleEntry sample = samples.get(i);
      byte[] key = sample.key().getBytes(StandardCharsets.UTF_8);
      if (length + key.length > text.length) {
        text = Arrays.copyOf(text, Math.max(length + key.length, text.length / 2 * 3));
      }
      System.arraycopy(key, 0, text, length, key.length);
      length += key.length;
      keyEnds[i] = length;
      for (SampleEntry.Field field : sample.fields()) {
        put(file++, field, known.computeIfAbsent(field.name(), name -> known.size()));
      }
      fileEnds[i] = file;
    }
    this.keys = Arrays.copyOf(text, length);
    this.distinctNames = new String[known.size()];
    known.forEach((name, number) -> distinctNames[number] = name);
  }

  /** Samples that {@link #write} wrote, all of one shard. */
  private SampleTable(ShardSource shard, DataInput in) throws IOException {
    this.shard = shard;
    this.keyEnds = ints(in);
    this.fileEnds = ints(in);
    this.keys = new byte[in.readInt()];
    in.readFully(keys);
    this.names = ints(in);
    this.offsets = longs(in);
    this.sizes = longs(in);
    this.distinctNames = new String[in.readInt()];
    for (int i = 0; i < distinctNames.length; i++) {
      distinctNames[i] = in.readUTF();
    }
  }

  /** A table of these samples, or the list itself where it is as small already. */
  static List<SampleEntry> of(List<SampleEntry> samples) {
    boolean small = samples instanceof SampleTable || samples instanceof StoredSamples;
    return small ? samples : new SampleTable(samples);
  }

  /** Whether all files are in that shard, as those of {@link #write} must be. */
  boolean isWithin(ShardSource one) {
    return keyEnds.length > 0 && elsewhere.isEmpty() && one.equals(shard);
  }

  /** Writes all but the shard. */
  void write(DataOutput out) throws IOException {
    write(out, keyEnds);
    write(out, fileEnds);
    out.writeInt(keys.length);
    out.write(keys);
    write(out, names);
    write(out, offsets);
    write(out, sizes);
    out.writeInt(distinctNames.length);
    for (String name : distinctNames) {
      out.writeUTF(name);
    }
  }

  /** Reads what {@link #write} wrote. */
  static SampleTable read(ShardSource shard, DataInput in) throws IOException {
    return new SampleTable(shard, in);
  }

  private static void write(DataOutput out, int[] values) throws IOException {
    out.writeInt(values.length);
    for (int value : values) {
      out.writeInt(value);
    }
  }

  private static void write(DataOutput out, long[] values) throws IOException {
    out.writeInt(values.length);
    for (long value : values) {
      out.writeLong(value);
    }
  }

  private static int[] ints(DataInput in) throws IOException {
    int[] values = new int[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }

  private static long[] longs(DataInput in) throws IOException {
    long[] values = new long[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readLong();
    }
    return values;
  }

  @Override
  public int size() {
    return keyEnds.length;
  }

  @Override
  public SampleEntry get(int index) {
    int keyStart = index == 0 ? 0 : keyEnds[index - 1];
    int fileStart = index == 0 ? 0 : fileEnds[index - 1];
    String key = new String(keys, keyStart, keyEnds[index] - keyStart, StandardCharsets.UTF_8);
    SampleEntry.Field[] fields = new SampleEntry.Field[fileEnds[index] - fileStart];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = file(fileStart + i);
    }
    return new SampleEntry(key, List.of(fields));
  }

  private void put(int file, SampleEntry.Field field, int name) {
    names[file] = name;
    offsets[file] = field.offset();
    sizes[file] = field.size();
    if (!field.shard().equals(shard)) {
      elsewhere.put(file, field.shard());
    }
  }

  private SampleEntry.Field file(int file) {
    return new SampleEntry.Field(
        elsewhere.getOrDefault(file, shard),
        distinctNames[names[file]],
        offsets[file],
        sizes[file]);
  }

  private static SampleEntry.Field firstFile(List<SampleEntry> samples) {
    return samples.stream().flatMap(sample -> sample.fields().stream()).findFirst().orElseThrow();
  }
}
