package io.rglcd.cli.conformance;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.data.BatchOptions;
import io.rglcd.data.DataSet;
import io.rglcd.data.DecodedSample;
import io.rglcd.data.SampleReader;
import io.rglcd.data.UnusableSampleException;
import io.rglcd.data.image.ImageTransform;
import io.rglcd.data.image.RgbImage;
import io.rglcd.data.image.Square;
import io.rglcd.data.shard.LocalShard;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shards as the trainer reads them: which samples there are, what is dropped and why, captions, and
 * pixels at given crops. What a case says in words and numbers must be equal; pixels of lossless
 * pictures may be one level off, those of lossy ones what another decoder makes of them.
 */
final class WebDatasetCase implements CaseRunner {

  private static final double ONE_LEVEL = 2 / 255.0 + 1e-6;
  private static final double LOSSY_MAX = 0.12;
  private static final double LOSSY_MEAN = 0.02;

  @Override
  public String kind() {
    return "webdataset";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    JsonNode config = directory.json("config.json");
    List<ShardSource> shards = new ArrayList<>();
    config
        .path("shards")
        .forEach(name -> shards.add(new LocalShard(directory.file(name.asText()))));
    List<SampleEntry> samples =
        DataSet.index(shards, Optional.empty(), false).shards().stream()
            .flatMap(s -> s.samples().stream())
            .toList();
    JsonNode expected = directory.json().path("samples");
    comparison.requireEqual("number of samples", samples.size(), expected.size());
    SampleReader reader = new SampleReader(BatchOptions.of(config.path("resolution").asInt()));
    for (int i = 0; i < Math.min(samples.size(), expected.size()); i++) {
      Sample sample = new Sample(directory, comparison, config, i, samples.get(i), expected.get(i));
      sample.compare(reader);
    }
  }

  private record Sample(
      CaseDirectory directory,
      Comparison comparison,
      JsonNode config,
      int index,
      SampleEntry entry,
      JsonNode expected) {

    void compare(SampleReader reader) {
      WebDatasetFacts facts = new WebDatasetFacts(entry);
      require("key", entry.key());
      require("shard", facts.shard());
      require("files", facts.files());
      require("webdataset_filter", facts.passesFilter(config.path("filter")));
      Optional<DecodedSample> decoded = read(reader);
      require("kept_sd", decoded.isPresent());
      require("kept_sdxl", decoded.isPresent() && facts.hasMetadata());
      if (decoded.isPresent()) {
        require("caption", decoded.get().captions().get(0));
        require("caption_type", facts.captionType());
        require("encoding", facts.encoding());
        require("decoded_wh", facts.decodedSize());
        if (expected.path("lossless").asBoolean()) {
          require("rgb_sha256", facts.decodedSha256());
        }
        comparePixels(decoded.get().image());
        if (facts.hasMetadata()) {
          require("sdxl_orig_size", facts.originalSize());
          require("sdxl_crop_coords", List.of(top(decoded.get()), left(decoded.get())));
        }
      }
    }

    private Optional<DecodedSample> read(SampleReader reader) {
      try {
        return Optional.of(reader.read(entry));
      } catch (UnusableSampleException e) {
        boolean incomplete =
            switch (e.reason()) {
              case NO_IMAGE, NO_CAPTION -> true;
              default -> false;
            };
        require("dropped_by", incomplete ? "rename (no picture or no caption)" : "decode");
        return Optional.empty();
      }
    }

    private void comparePixels(RgbImage image) {
      int resolution = config.path("resolution").asInt();
      int top = offset(image.height(), 2 * index);
      int left = offset(image.width(), 2 * index + 1);
      require("resized_wh", List.of(image.width(), image.height()));
      require("crop_top", top);
      require("crop_left", left);
      String tensor = "out.pixels." + index;
      if (!comparison.awaits(tensor)) {
        return;
      }
      float[] pixels = new float[3 * resolution * resolution];
      ImageTransform.crop(image, new Square(top, left, resolution, false), pixels, 0);
      TensorValues got = TensorValues.of(new Shape(3, resolution, resolution), pixels);
      TensorValues wanted = directory.values(tensor);
      if (expected.path("lossless").asBoolean() || !got.shape().equals(wanted.shape())) {
        comparison.offer(tensor, got, Tolerance.absolute(ONE_LEVEL));
        return;
      }
      double max = 0;
      double sum = 0;
      for (double difference : wanted.difference(got)) {
        max = Math.max(max, difference);
        sum += difference;
      }
      boolean close = max < LOSSY_MAX && sum / pixels.length < LOSSY_MEAN;
      comparison.verdict(tensor, max, wanted.max(), LOSSY_MAX, close);
    }

    private int top(DecodedSample decoded) {
      return offset(decoded.image().height(), 2 * index);
    }

    private int left(DecodedSample decoded) {
      return offset(decoded.image().width(), 2 * index + 1);
    }

    private int offset(int length, int draw) {
      JsonNode fractions = config.path("crop_fractions");
      double fraction = fractions.path(draw % Math.max(1, fractions.size())).asDouble();
      return (int) ((length - config.path("resolution").asInt() + 1) * fraction);
    }

    private void require(String fact, Object got) {
      if (expected.has(fact)) {
        comparison.requireEqual(
            "sample " + index + " (" + entry.key() + "): " + fact,
            WebDatasetFacts.json(got),
            expected.get(fact));
      }
    }
  }
}
