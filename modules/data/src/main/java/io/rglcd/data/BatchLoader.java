package io.rglcd.data;

import akka.NotUsed;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Flow;
import io.rglcd.data.array.FloatArray;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import io.rglcd.tensor.random.CounterRandom;
import io.rglcd.tensor.random.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/**
 * Turns ranges of the sample order into batches. The batch of a range depends on the run's seed,
 * the shards and the options only: not on who loads it, when, or what was loaded before. Samples
 * that cannot be used are reported in the batch, never thrown. Thread-safe.
 */
public final class BatchLoader {

  private final DataSet data;
  private final SampleOrder order;
  private final BatchOptions options;
  private final CounterRandom random;
  private final SquareCrops crops;
  private final SampleReader reader;
  private final SampleCache cache;
  private final ShardRestarts restarts;
  private final LongAdder asked = new LongAdder();
  private final LongAdder unusable = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  /**
   * A loader of a data set.
   *
   * @param order of the same data set's samples
   * @param seed of the run, for crops, flips and empty prompts
   */
  public BatchLoader(DataSet data, SampleOrder order, BatchOptions options, long seed) {
    if (order.total() != data.total()) {
      throw new DataException(
          "sample order of " + order.total() + " samples (expected: " + data.total() + ")");
    }
    this.data = data;
    this.order = order;
    this.options = options;
    this.random = CounterRandom.of(seed);
    this.crops = new SquareCrops(options, seed);
    this.restarts = new ShardRestarts(data.shards());
    this.reader = new SampleReader(options);
    this.cache = new SampleCache(options.cacheBytes());
  }

  /** How its samples become batches. */
  public BatchOptions options() {
    return options;
  }

  /** What it has done so far. */
  public LoadStatistics statistics() {
    return new LoadStatistics(asked.sum(), unusable.sum(), bytes.sum());
  }

  /** What the sample at a position of an epoch is called. */
  public SamplePlace place(long epoch, long position) {
    return place(order.addresses(new SampleRange(epoch, position, 1)).get(0));
  }

  /** Reads, decodes and transforms the samples of a range on the calling thread. */
  public Batch load(SampleRange range) {
    int size = options.form().size();
    float[] values = new float[Math.multiplyExact(size, range.count())];
    int textSize = options.textForm().map(TextForm::size).orElse(0);
    float[] states = new float[Math.multiplyExact(textSize, range.count())];
    List<Long> positions = new ArrayList<>();
    List<String> captions = new ArrayList<>();
    List<BadSample> bad = new ArrayList<>();
    long position = range.start();
    for (SampleAddress address : order.addresses(range)) {
      try {
        ReadSample sample = cachedOrRead(address);
        place(sample, range.epoch(), position, values, size * positions.size());
        OptionalInt drawn = caption(sample.captions().size(), range.epoch(), position);
        if (drawn.isPresent() && sample instanceof LatentSample latents) {
          placeTextStates(latents, drawn.getAsInt(), states, textSize * positions.size());
        }
        captions.add(drawn.isPresent() ? sample.captions().get(drawn.getAsInt()) : "");
        positions.add(position);
      } catch (UnusableSampleException e) {
        bad.add(badSample(address, position, e));
      }
      position++;
    }
    int count = positions.size();
    float[] used = bad.isEmpty() ? values : Arrays.copyOf(values, size * count);
    Optional<FloatArray> textStates =
        options
            .textForm()
            .map(
                form ->
                    new FloatArray("", form.shape(count), Arrays.copyOf(states, textSize * count)));
    asked.add(range.count());
    unusable.add(bad.size());
    return new Batch(range, positions, options.form(), used, captions, textStates, bad);
  }

  /**
   * Ranges in, batches out in the same order. At most {@code parallelism} ranges are loaded at a
   * time and {@code prefetch} batches wait; beyond that the ranges wait upstream.
   *
   * @param executor on which samples are read and decoded
   */
  public Flow<SampleRange, Batch, NotUsed> flow(int parallelism, int prefetch, Executor executor) {
    return Flow.of(SampleRange.class)
        .mapAsync(parallelism, range -> CompletableFuture.supplyAsync(() -> load(range), executor))
        .buffer(prefetch, OverflowStrategy.backpressure());
  }

  /**
   * Looks for the first readable sample of epoch 0, to fail before training starts where no sample
   * can be used.
   *
   * @param limit how many samples are tried at most
   * @return the batch of that one sample
   * @throws ZeroSamplesException counting the reasons if none of those tried is readable
   */
  public Batch preflight(int limit) {
    Map<String, Long> reasons = new TreeMap<>();
    long tries = Math.min(limit, data.total());
    for (long position = 0; position < tries; position++) {
      Batch batch = load(new SampleRange(0, position, 1));
      if (batch.size() == 1) {
        return batch;
      }
      reasons.merge(batch.bad().get(0).reason().text(), 1L, Long::sum);
    }
    String what = tries == data.total() ? "the shards" : "the first " + tries + " of the shards";
    throw new ZeroSamplesException(what, reasons);
  }

  private ReadSample cachedOrRead(SampleAddress address) throws UnusableSampleException {
    ReadSample cached = cache.get(address).orElse(null);
    if (cached != null) {
      return cached;
    }
    ReadSample sample = read(address);
    cache.offer(address, sample);
    return sample;
  }

  /** From where it lies now, should its shard have changed. */
  private ReadSample read(SampleAddress address) throws UnusableSampleException {
    while (true) {
      ShardRestarts.Known known = restarts.find(address);
      try {
        SampleEntry entry = known.entry().orElseThrow(BatchLoader::replaced);
        ReadSample sample = reader.readForBatch(entry);
        bytes.add(entry.fields().stream().mapToLong(SampleEntry.Field::size).sum());
        return sample;
      } catch (ChangedShardException e) {
        if (known.restarts() == ShardRestarts.MOST) {
          throw e;
        }
        restarts.restart(address, known.restarts());
      }
    }
  }

  private static UnusableSampleException replaced() {
    return new UnusableSampleException(
        BadSample.Reason.UNREADABLE, "the shard has changed and has another sample in this place");
  }

  private void place(ReadSample sample, long epoch, long position, float[] values, int offset) {
    if (sample instanceof LatentSample latents) {
      float[] moments = latents.moments().values();
      System.arraycopy(moments, 0, values, offset, moments.length);
    } else if (sample instanceof DecodedSample decoded) {
      crops.cut(decoded.image(), epoch, position, values, offset);
    }
  }

  private static void placeTextStates(
      LatentSample sample, int caption, float[] states, int offset) {
    sample
        .textStates()
        .ifPresent(
            all -> {
              int size = all.values().length / sample.captions().size();
              System.arraycopy(all.values(), caption * size, states, offset, size);
            });
  }

  /** Which of so many captions is used; none where the prompt is dropped. */
  private OptionalInt caption(int count, long epoch, long position) {
    double proportion = options.emptyPromptProportion();
    if (proportion > 0
        && random.at(epoch, position, Purpose.EMPTY_PROMPT).nextFloat() < proportion) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(
        count == 1 ? 0 : random.at(epoch, position, Purpose.CAPTION).nextInt(count));
  }

  private BadSample badSample(SampleAddress address, long position, UnusableSampleException e) {
    SamplePlace place = place(address);
    return new BadSample(position, place.shard(), place.key(), e.reason(), e.getMessage());
  }

  private SamplePlace place(SampleAddress address) {
    ShardIndex shard = data.shards().get(address.shard());
    return new SamplePlace(shard.source().name(), shard.samples().get(address.index()).key());
  }
}
