package io.rglcd.cli.run;

import ai.djl.Device;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.DataSet;
import io.rglcd.distill.FrozenModels;
import io.rglcd.models.ModelException;
import io.rglcd.rewards.ClipReward;
import io.rglcd.starter.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that a configuration names, opened: teacher, rewards and samples. */
final class RunInputs implements AutoCloseable {

  private final FrozenModels models;
  private final Optional<ClipReward> reward;
  private final Optional<ClipReward> pref;
  private final TrainingData data;
  private final List<String> validationCaptions;

  private RunInputs(TrainConfig config, Device device, List<AutoCloseable> opened) {
    boolean needsStarter =
        config.teacher().isStarter() || List.of("clip", "pref").contains(config.reward().name());
    Optional<Starter> starter = needsStarter ? Optional.of(Starter.unpack()) : Optional.empty();
    this.models =
        keep(
            opened,
            FrozenModels.load(
                TeacherDirectory.open(config), config.training().vaeBatches(), device));
    this.data = TrainingData.open(config);
    this.reward =
        config.reward().beta() > 0 || config.teacher().isStarter()
            ? Optional.of(
                keep(opened, reward(rewardDirectory(config.reward().name(), starter), device)))
            : Optional.empty();
    this.pref =
        config.teacher().isStarter()
            ? Optional.of(keep(opened, reward(starter.orElseThrow().prefClip(), device)))
            : Optional.empty();
    this.validationCaptions =
        config.teacher().isStarter() ? starter.orElseThrow().validationPrompts() : List.of();
  }

  /**
   * Opens all inputs.
   *
   * @throws RuntimeException saying in one sentence what cannot be used
   */
  static RunInputs open(TrainConfig config, Device device) {
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      return new RunInputs(config, device, opened);
    } catch (RuntimeException e) {
      opened.forEach(RunInputs::closeQuietly);
      throw e;
    }
  }

  private static <T extends AutoCloseable> T keep(List<AutoCloseable> opened, T resource) {
    opened.add(resource);
    return resource;
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing a model failed", e);
    }
  }

  private static Path rewardDirectory(String name, Optional<Starter> starter) {
    return switch (name) {
      case "clip" -> starter.orElseThrow().rewardClip();
      case "pref" -> starter.orElseThrow().prefClip();
      default -> Path.of(name);
    };
  }

  /** Its tokenizer lies in it, or where config.json's key tokenizer points to. */
  private static ClipReward reward(Path directory, Device device) {
    Path config = directory.resolve("config.json");
    if (!Files.isRegularFile(config)) {
      throw new ModelException(
          "reward model "
              + directory
              + " has no config.json (expected: clip, pref or a directory"
              + " with config.json and model.safetensors in open_clip's names)");
    }
    try {
      String tokenizer = new ObjectMapper().readTree(config.toFile()).path("tokenizer").asText(".");
      return ClipReward.load(directory, directory.resolve(tokenizer).normalize(), device);
    } catch (IOException e) {
      throw new ModelException(config + " is not readable as JSON: " + e.getMessage(), e);
    }
  }

  FrozenModels models() {
    return models;
  }

  /** The configured reward; absent only where a run has none. */
  Optional<ClipReward> reward() {
    return reward;
  }

  /** The starter's second judge, which guides no run unless asked to. */
  Optional<ClipReward> pref() {
    return pref;
  }

  TrainingData samples() {
    return data;
  }

  DataSet data() {
    return data.set();
  }

  BatchLoader loader() {
    return data.loader();
  }

  /** Captions of the starter's held-out pictures; empty with another teacher. */
  List<String> validationCaptions() {
    return validationCaptions;
  }

  @Override
  public void close() {
    reward.ifPresent(ClipReward::close);
    pref.ifPresent(ClipReward::close);
    models.close();
  }
}
