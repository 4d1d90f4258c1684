package io.rglcd.cluster;

import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.data.Batch;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.SampleForm;
import io.rglcd.data.SampleRange;
import io.rglcd.data.array.FloatArray;
import io.rglcd.distill.BatchImages;
import io.rglcd.distill.BatchPrompts;
import io.rglcd.distill.MicroBatch;
import io.rglcd.models.tokenizer.ClipTokenizer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Micro-batches from shards: what is read and decoded here is tokenised here as well. */
public final class BatchLoaderSource implements MicroBatchSource {

  private final BatchLoader loader;
  private final ClipTokenizer tokenizer;
  private final Executor executor;

  /**
   * A source over a loader.
   *
   * @param tokenizer of the text encoder
   * @param executor on which samples are read and decoded
   */
  public BatchLoaderSource(BatchLoader loader, ClipTokenizer tokenizer, Executor executor) {
    this.loader = loader;
    this.tokenizer = tokenizer;
    this.executor = executor;
  }

  @Override
  public CompletionStage<LoadedRange> load(SampleRange range) {
    return CompletableFuture.supplyAsync(() -> convert(loader.load(range)), executor);
  }

  private LoadedRange convert(Batch batch) {
    List<UnreadableSample> unreadable =
        batch.bad().stream()
            .map(bad -> new UnreadableSample(bad.position(), bad.reason().text()))
            .sorted(Comparator.comparingLong(UnreadableSample::position))
            .toList();
    Optional<MicroBatch> readable =
        batch.size() == 0
            ? Optional.empty()
            : Optional.of(
                new MicroBatch(
                    batch.range().epoch(),
                    batch.positions(),
                    images(batch),
                    batch.captions(),
                    prompts(batch)));
    return new LoadedRange(batch.range(), readable, unreadable);
  }

  private BatchPrompts prompts(Batch batch) {
    return batch
        .textStates()
        .<BatchPrompts>map(BatchLoaderSource::embeds)
        .orElseGet(() -> BatchPrompts.Tokens.of(tokenizer, batch.captions()));
  }

  private static BatchPrompts.Embeds embeds(FloatArray states) {
    return new BatchPrompts.Embeds(states.values(), states.shape().get(1), states.shape().get(2));
  }

  private static BatchImages images(Batch batch) {
    SampleForm form = batch.form();
    return switch (form.kind()) {
      case PIXELS -> new BatchImages.Pixels(batch.values(), form.height());
      case MOMENTS ->
          new BatchImages.Moments(batch.values(), form.channels() / 2, form.height(), form.width());
    };
  }
}
