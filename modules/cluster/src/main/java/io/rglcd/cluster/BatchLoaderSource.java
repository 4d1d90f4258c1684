package io.rglcd.cluster;

import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.data.Batch;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.SampleForm;
import io.rglcd.data.SampleRange;
import io.rglcd.distill.BatchImages;
import io.rglcd.distill.MicroBatch;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Micro-batches from shards. */
public final class BatchLoaderSource implements MicroBatchSource {

  private final BatchLoader loader;
  private final Executor executor;

  /**
   * A source over a loader.
   *
   * @param executor on which samples are read and decoded
   */
  public BatchLoaderSource(BatchLoader loader, Executor executor) {
    this.loader = loader;
    this.executor = executor;
  }

  @Override
  public CompletionStage<LoadedRange> load(SampleRange range) {
    return CompletableFuture.supplyAsync(() -> convert(loader.load(range)), executor);
  }

  private static LoadedRange convert(Batch batch) {
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
                    batch.range().epoch(), batch.positions(), images(batch), batch.captions()));
    return new LoadedRange(batch.range(), readable, unreadable);
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
