package io.rglcd.cli.run;

import ai.djl.Device;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.DataSet;
import io.rglcd.distill.FrozenModels;
import io.rglcd.distill.RgLcdReplica;
import io.rglcd.distill.Student;
import io.rglcd.models.ModelException;
import io.rglcd.rewards.ClipReward;
import io.rglcd.starter.Starter;
import io.rglcd.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that a configuration names, opened: teacher, rewards and samples. */
final class RunInputs implements AutoCloseable {

  private final TrainConfig config;
  private final Deque<AutoCloseable> opened;
  private final Map<Device, DeviceModels> byDevice = new HashMap<>();
  private final DeviceModels first;
  private final Optional<ClipReward> pref;
  private final TrainingData data;
  private final List<String> validationCaptions;

  private RunInputs(TrainConfig config, List<Device> devices, Deque<AutoCloseable> opened) {
    this.config = config;
    this.opened = opened;
    boolean isStarter = config.teacher().isStarter();
    boolean needsStarter = isStarter || List.of("clip", "pref").contains(config.reward().name());
    Optional<Starter> starter = needsStarter ? Optional.of(Starter.unpack()) : Optional.empty();
    Optional<Path> reward =
        config.reward().beta() > 0 || isStarter
            ? Optional.of(rewardDirectory(config.reward().name(), starter))
            : Optional.empty();
    devices.forEach(device -> byDevice.computeIfAbsent(device, d -> load(d, reward)));
    this.first = byDevice.get(devices.get(0));
    this.data = TrainingData.open(config);
    this.pref =
        isStarter
            ? Optional.of(keep(reward(starter.orElseThrow().prefClip(), first.models().device())))
            : Optional.empty();
    this.validationCaptions = isStarter ? starter.orElseThrow().validationPrompts() : List.of();
  }

  private DeviceModels load(Device device, Optional<Path> rewardDirectory) {
    FrozenModels models =
        keep(
            FrozenModels.load(
                TeacherDirectory.open(config), config.training().vaeBatches(), device));
    Student student =
        Student.of(
            keep(Scope.open(device)),
            models,
            config.objective().unetTimeCondProjDim(),
            config.training().seed());
    return new DeviceModels(
        models, rewardDirectory.map(directory -> keep(reward(directory, device))), student);
  }

  /**
   * Opens all inputs.
   *
   * @param devices that replicas will be on, at least one; what is measured is on the first
   * @throws RuntimeException saying in one sentence what cannot be used
   */
  static RunInputs open(TrainConfig config, List<Device> devices) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      return new RunInputs(config, devices, opened);
    } catch (RuntimeException e) {
      opened.forEach(RunInputs::closeQuietly);
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
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

  /** A new replica on one of the devices; to be made on the thread that will own it. */
  RgLcdReplica replica(Device device) {
    return byDevice.get(device).replica(config, config.training().steps(data().total()));
  }

  /** The teacher's models on the first device. */
  FrozenModels models() {
    return first.models();
  }

  /** The configured reward on the first device; absent only where a run has none. */
  Optional<ClipReward> reward() {
    return first.reward();
  }

  /** The student before training, on the first device. */
  Student student() {
    return first.student();
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
    opened.forEach(RunInputs::closeQuietly);
  }
}
