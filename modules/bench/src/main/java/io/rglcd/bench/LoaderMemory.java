package io.rglcd.bench;

import io.rglcd.data.BatchLoader;
import io.rglcd.data.BatchOptions;
import io.rglcd.data.DataSet;
import io.rglcd.data.SampleOrder;
import io.rglcd.data.SampleRange;
import io.rglcd.data.pack.ShardWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Memory of a process of 512 MiB of heap that loads many small samples: its resident set and what
 * of the heap is in use, ten times on the way.
 */
public final class LoaderMemory {

  private static final int SHARDS = 20;
  private static final int PER_SHARD = 2500;
  private static final int SIDE = 32;
  private static final int BATCH = 50;
  private static final int REPORTS = 10;

  private LoaderMemory() {}

  /**
   * Makes the shards and measures in a process of its own, or is that.
   *
   * @param arguments number of samples, 1,000,000 by default; or "load", the shards' folder and it
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 3) {
      load(Path.of(arguments[1]), Long.parseLong(arguments[2]));
      return;
    }
    String samples = arguments.length > 0 ? arguments[0] : "1000000";
    Path folder = Files.createTempDirectory("rglcd-memory");
    try {
      write(folder);
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-Xmx512m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LoaderMemory.class.getName(),
                  "load",
                  folder.toString(),
                  samples)
              .inheritIO()
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the process ended with " + process.exitValue());
      }
    } finally {
      FileTrees.delete(folder);
    }
  }

  private static void load(Path folder, long samples) throws IOException {
    DataSet data = DataSet.find(List.of(folder.resolve("*.tar").toString()));
    BatchLoader loader =
        new BatchLoader(data, new SampleOrder(1, data.counts(), 4), BatchOptions.of(SIDE), 1);
    long began = System.nanoTime();
    long next = samples / REPORTS;
    for (long done = 0; done < samples; ) {
      SampleRange range = new SampleRange(done / data.total(), done % data.total(), BATCH);
      done += loader.load(range).size();
      if (done >= next) {
        next += samples / REPORTS;
        System.out.printf(
            Locale.ROOT,
            "samples=%d rss_mib=%d heap_mib=%d per_second=%.0f%n",
            done,
            residentKib() >> 10,
            usedHeap() >> 20,
            done / ((System.nanoTime() - began) / 1e9));
      }
    }
  }

  private static long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static void write(Path folder) throws IOException {
    Random random = new Random(1);
    List<byte[]> pictures = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      pictures.add(png(random));
    }
    for (int shard = 0; shard < SHARDS; shard++) {
      Path file = folder.resolve(String.format(Locale.ROOT, "%05d.tar", shard));
      try (ShardWriter writer = ShardWriter.create(file)) {
        for (int i = 0; i < PER_SHARD; i++) {
          int number = shard * PER_SHARD + i;
          Map<String, byte[]> files = new LinkedHashMap<>();
          files.put("png", pictures.get(number % pictures.size()));
          files.put("txt", ("caption " + number).getBytes(StandardCharsets.UTF_8));
          writer.write(String.format(Locale.ROOT, "%09d", number), files);
        }
        writer.finish();
      }
    }
  }

  private static byte[] png(Random random) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < SIDE * SIDE; i++) {
      image.setRGB(i % SIDE, i / SIDE, random.nextInt(1 << 24));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
