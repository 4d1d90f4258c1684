package io.rglcd.bench;

import io.rglcd.data.pack.ShardWriter;
import io.rglcd.data.shard.LocalShard;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * GiB a second of shards in the page cache on one thread: read as one run of bytes, indexed, and
 * read sample by sample in the order that the index gives.
 */
public final class TarReading {

  private static final int ROUNDS = 5;
  private static final long BYTES = 1L << 30;

  /** What is done with a shard; returns the bytes that it is about. */
  private interface Reading {
    long read() throws IOException;
  }

  private TarReading() {}

  /**
   * Measures and prints, for samples of CC12M's size and for small ones.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("rglcd-tar");
    Path shard = folder.resolve("samples.tar");
    try {
      for (int kib : List.of(150, 8)) {
        write(shard, kib << 10);
        measure(shard, kib);
        Files.delete(shard);
      }
    } finally {
      Files.deleteIfExists(shard);
      Files.delete(folder);
    }
  }

  private static void measure(Path shard, int kib) throws IOException {
    List<Double> plain = new ArrayList<>();
    List<Double> indexed = new ArrayList<>();
    List<Double> whole = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      plain.add(rate(() -> plain(shard)));
      indexed.add(
          rate(
              () -> {
                ShardIndex unused = ShardIndex.read(new LocalShard(shard));
                return Files.size(shard);
              }));
      whole.add(rate(() -> samples(shard)));
    }
    System.out.printf(
        Locale.ROOT,
        "sample_kib=%d plain_gib_s=%.2f index_gib_s=%.2f index_and_samples_gib_s=%.2f%n",
        kib,
        StepStatistics.median(plain),
        StepStatistics.median(indexed),
        StepStatistics.median(whole));
  }

  private static double rate(Reading reading) throws IOException {
    long began = System.nanoTime();
    long bytes = reading.read();
    return bytes / (double) (1 << 30) / ((System.nanoTime() - began) / 1e9);
  }

  private static long plain(Path shard) throws IOException {
    byte[] buffer = new byte[1 << 20];
    long bytes = 0;
    try (InputStream in = Files.newInputStream(shard)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes += read;
      }
    }
    return bytes;
  }

  private static long samples(Path shard) throws IOException {
    ShardIndex index = ShardIndex.read(new LocalShard(shard));
    long bytes = 0;
    for (SampleEntry sample : index.samples()) {
      for (SampleEntry.Field field : sample.fields()) {
        bytes += field.read().length;
      }
    }
    return bytes;
  }

  private static void write(Path shard, int pictureBytes) throws IOException {
    byte[] picture = new byte[pictureBytes];
    new Random(1).nextBytes(picture);
    try (ShardWriter writer = ShardWriter.create(shard)) {
      for (long i = 0; i < BYTES / pictureBytes; i++) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("jpg", picture);
        files.put("txt", ("caption of picture " + i).getBytes(StandardCharsets.UTF_8));
        writer.write(String.format(Locale.ROOT, "%09d", i), files);
      }
      writer.finish();
    }
  }
}
