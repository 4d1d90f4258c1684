package io.rglcd.cli.pack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cli.report.OutputDirectory;
import io.rglcd.cli.report.OutputException;
import io.rglcd.data.pack.PackPlan;
import io.rglcd.data.pack.PackedShard;
import io.rglcd.data.pack.ShardPacker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Writes the shards of a plan that are not there yet. Each has a json file of what came of it,
 * which is written before the shard gets its name; the two lists of all are made of these.
 */
public final class PackRun {

  private static final long MIN_FREE_BYTES = 64L << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PackPlan plan;
  private final Path out;
  private final int threads;

  /**
   * A run.
   *
   * @param threads shards that are written at a time
   */
  public PackRun(PackPlan plan, Path out, int threads) {
    this.plan = plan;
    this.out = out;
    this.threads = threads;
  }

  /**
   * Writes what is missing.
   *
   * @param words for progress
   * @throws RuntimeException saying in one sentence what cannot be written, or that the directory
   *     holds shards of other pictures
   */
  public void run(PrintWriter words) {
    OutputDirectory.open(out, MIN_FREE_BYTES, Map.of("pictures", plan.digest()));
    ShardPacker packer = new ShardPacker();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<CompletableFuture<PackedShard>> shards =
          IntStream.range(0, plan.shards().size())
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> shard(packer, i), executor))
              .toList();
      List<PackedShard> done = shards.stream().map(shard -> told(shard.join(), words)).toList();
      summarise(done);
      long samples = done.stream().mapToLong(PackedShard::samples).sum();
      long bad = done.stream().mapToLong(shard -> shard.bad().size()).sum();
      words.printf(
          "%,d samples in %,d shards, %,d pictures left out%s%n",
          samples, done.size(), bad, bad == 0 ? "" : " (" + out.resolve("bad-samples.jsonl") + ")");
      words.flush();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      executor.shutdownNow();
    }
  }

  private PackedShard shard(ShardPacker packer, int number) {
    Path target = out.resolve(String.format("%05d.tar", number));
    Path account = out.resolve(String.format("%05d.json", number));
    if (Files.exists(target) && Files.exists(account)) {
      return read(account);
    }
    Path written = out.resolve(String.format("%05d.tar.new", number));
    PackedShard shard =
        packer
            .write(plan.shards().get(number), plan.first(number), written)
            .named(target.getFileName().toString());
    OutputDirectory.write(account, json(shard).getBytes(StandardCharsets.UTF_8));
    try {
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new OutputException("shard " + target, e);
    }
    return shard;
  }

  private static PackedShard read(Path account) {
    try {
      return JSON.readValue(account.toFile(), PackedShard.class);
    } catch (IOException e) {
      throw new OutputException(
          account + " is damaged (delete it, and the shard is made again)", e);
    }
  }

  private static PackedShard told(PackedShard shard, PrintWriter words) {
    words.println(shard.shard() + ": " + shard.samples() + " samples");
    words.flush();
    return shard;
  }

  private void summarise(List<PackedShard> shards) {
    StringBuilder bad = new StringBuilder();
    StringBuilder list = new StringBuilder();
    for (PackedShard shard : shards) {
      shard.bad().forEach(left -> bad.append(json(left)).append('\n'));
      list.append(
              json(
                  Map.of(
                      "shard", shard.shard(), "samples", shard.samples(), "bytes", shard.bytes())))
          .append('\n');
    }
    OutputDirectory.write(
        out.resolve("bad-samples.jsonl"), bad.toString().getBytes(StandardCharsets.UTF_8));
    OutputDirectory.write(
        out.resolve("shards.jsonl"), list.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("values of a known type are JSON", e);
    }
  }
}
