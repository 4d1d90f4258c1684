package io.rglcd.cli.run;

import io.rglcd.cli.config.TrainConfig;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.SampleOrder;
import io.rglcd.data.SampleRange;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The captions a run is judged by, fixed whatever its seed.
 *
 * @param measured captions for the figures
 * @param shown captions for the sample grid
 */
record PromptSet(List<String> measured, List<String> shown) {

  private static final int ORDER_SEED = 0;

  /**
   * The configured captions; without any, captions of training pictures for the figures (the
   * teacher knows their words) and held-out captions for the grid where there are some.
   */
  static PromptSet of(TrainConfig config, RunInputs inputs) {
    int count = config.validation().count();
    int pictures = config.validation().pictures();
    List<String> given = config.validation().prompts();
    if (!given.isEmpty()) {
      return new PromptSet(first(given, count), first(given, pictures));
    }
    SampleOrder order =
        new SampleOrder(ORDER_SEED, inputs.data().counts(), inputs.data().shards().size());
    BatchLoader captions =
        new BatchLoader(inputs.data(), order, inputs.loader().options(), ORDER_SEED);
    int available = (int) Math.min(count, inputs.data().total());
    List<String> measured = captions.load(new SampleRange(0, 0, available)).captions();
    List<String> held = inputs.validationCaptions();
    return new PromptSet(
        measured, held.isEmpty() ? first(measured, pictures) : spread(held, pictures));
  }

  private static List<String> first(List<String> all, int count) {
    return all.subList(0, Math.min(count, all.size()));
  }

  /** Neighbours in the list are variants of one name: take them far apart. */
  private static List<String> spread(List<String> all, int count) {
    int taken = Math.min(count, all.size());
    return IntStream.range(0, taken).mapToObj(i -> all.get(i * all.size() / taken)).toList();
  }
}
