package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

import io.rglcd.data.BatchOptions;
import io.rglcd.data.ReadOptions;
import io.rglcd.data.SampleForm;
import io.rglcd.data.image.Crop;
import io.rglcd.data.image.ImageDecoder;
import io.rglcd.data.image.Interpolation;
import java.time.Duration;
import java.util.List;

/**
 * Section {@code data}.
 *
 * @param trainShards paths and addresses of tar shards with brace ranges, or {@code starter} alone
 * @param resolution side of the square pictures in pixels
 * @param interpolationType of the resize
 * @param centerCrop middle rather than random place
 * @param randomFlip whether half are mirrored
 * @param proportionEmptyPrompts share of captions left out
 * @param dataloaderNumWorkers threads that load; 0 for none of their own
 * @param prefetchSeconds samples of so much time are loaded before they are needed
 * @param maxTrainSamples samples of the shards that are used at most
 * @param cacheMib memory for decoded pictures
 * @param maxPixels pictures with more are not decoded
 * @param maxEntryMib files of samples that are longer are not read
 * @param workOnLatent whether samples hold moments of latents, which take the place of pictures
 * @param workOnPromptEmbeds whether samples hold the text states of their captions as well
 * @param captionField field of the json file that holds the captions; empty for files of their own
 * @param sources how shards are reached
 * @param filter which of the whole samples are used
 */
public record DataConfig(
    List<String> trainShards,
    int resolution,
    String interpolationType,
    boolean centerCrop,
    boolean randomFlip,
    double proportionEmptyPrompts,
    int dataloaderNumWorkers,
    double prefetchSeconds,
    long maxTrainSamples,
    int cacheMib,
    long maxPixels,
    int maxEntryMib,
    boolean workOnLatent,
    boolean workOnPromptEmbeds,
    String captionField,
    SourceConfig sources,
    FilterConfig filter) {

  /** Checks the values. */
  public DataConfig {
    trainShards = List.copyOf(trainShards);
    require(!trainShards.isEmpty(), "data.train-shards", "[]", "at least one path");
    require(
        resolution >= 8 && resolution <= 16384 && resolution % 8 == 0,
        "data.resolution",
        resolution,
        "a multiple of 8 from 8 to 16384");
    require(
        Interpolation.names().contains(interpolationType),
        "data.interpolation-type",
        interpolationType,
        "one of " + String.join(", ", Interpolation.names()));
    require(
        proportionEmptyPrompts >= 0 && proportionEmptyPrompts <= 1,
        "data.proportion-empty-prompts",
        proportionEmptyPrompts,
        "0 to 1");
    require(
        dataloaderNumWorkers >= 0 && dataloaderNumWorkers <= 1024,
        "data.dataloader-num-workers",
        dataloaderNumWorkers,
        "0 to 1024");
    require(
        prefetchSeconds >= 0 && prefetchSeconds <= 3600,
        "data.prefetch-seconds",
        prefetchSeconds,
        "0 to 3600");
    require(maxTrainSamples >= 1, "data.max-train-samples", maxTrainSamples, ">= 1");
    require(cacheMib >= 0, "data.cache-mib", cacheMib, ">= 0");
    require(
        maxPixels >= 1 && maxPixels <= ImageDecoder.MAX_PIXELS,
        "data.max-pixels",
        maxPixels,
        "1 to " + ImageDecoder.MAX_PIXELS);
    require(
        maxEntryMib >= 1 && maxEntryMib <= 2047, "data.max-entry-mib", maxEntryMib, "1 to 2047");
    require(
        !(workOnLatent && randomFlip),
        "data.random-flip",
        "true",
        "false with data.work-on-latent, since latents are not mirrored");
    require(
        workOnLatent || !workOnPromptEmbeds,
        "data.work-on-prompt-embeds",
        "true",
        "false without data.work-on-latent");
  }

  static DataConfig of(KeyReader keys) {
    return new DataConfig(
        keys.texts("data.train-shards"),
        keys.integer("data.resolution"),
        keys.text("data.interpolation-type"),
        keys.flag("data.center-crop"),
        keys.flag("data.random-flip"),
        keys.number("data.proportion-empty-prompts"),
        keys.integer("data.dataloader-num-workers"),
        keys.number("data.prefetch-seconds"),
        keys.longInteger("data.max-train-samples"),
        keys.integer("data.cache-mib"),
        keys.longInteger("data.max-pixels"),
        keys.integer("data.max-entry-mib"),
        keys.flag("data.work-on-latent"),
        keys.flag("data.work-on-prompt-embeds"),
        keys.text("data.caption-field"),
        SourceConfig.of(keys),
        FilterConfig.of(keys));
  }

  /** So much before they are needed, samples are loaded. */
  public Duration loadAhead() {
    return ClusterConfig.seconds(prefetchSeconds);
  }

  /** Whether the shards are the embedded ones. */
  public boolean isStarter() {
    return trainShards.equals(List.of(TeacherConfig.STARTER));
  }

  /**
   * For a loader of latents.
   *
   * @param channels of the autoencoder's latents
   * @param downsampling pixels for a latent, each way
   */
  public BatchOptions latentOptions(int channels, int downsampling) {
    int side = resolution / downsampling;
    return pictureOptions().withForm(SampleForm.moments(channels, side, side));
  }

  /** For a loader of pictures. */
  public BatchOptions pictureOptions() {
    return BatchOptions.of(resolution)
        .withInterpolation(Interpolation.of(interpolationType))
        .withCrop(centerCrop ? Crop.CENTER : Crop.RANDOM)
        .withFlipProbability(randomFlip ? 0.5 : 0)
        .withEmptyPromptProportion(proportionEmptyPrompts)
        .withRead(
            new ReadOptions(
                maxPixels, (long) maxEntryMib << 20, captionField, filter.sampleFilter()))
        .withCacheBytes((long) cacheMib << 20);
  }
}
