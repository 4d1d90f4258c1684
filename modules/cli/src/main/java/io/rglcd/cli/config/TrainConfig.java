package io.rglcd.cli.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A whole training configuration.
 *
 * @param teacher what is distilled
 * @param data what it is distilled on
 * @param objective the losses
 * @param reward the guiding reward
 * @param optimizer how gradients become updates
 * @param training length, workers, checkpoints
 * @param logging where curves go
 * @param validation what is measured and shown
 * @param cluster how nodes work together
 * @param json all values, defaults included, as one JSON object; without the cluster's secret
 */
public record TrainConfig(
    TeacherConfig teacher,
    DataConfig data,
    ObjectiveConfig objective,
    RewardConfig reward,
    OptimizerConfig optimizer,
    RunConfig training,
    LoggingConfig logging,
    ValidationConfig validation,
    ClusterConfig cluster,
    String json) {

  private static final String REFERENCE = "rglcd-reference.conf";
  private static final String SECRET = "cluster.secret";
  private static final String STARTER = "starter.conf";

  /**
   * Reads a file over the defaults.
   *
   * @param overrides key to value, stronger than the file
   * @throws ConfigurationException if the file is missing or not HOCON, or for a key or value
   */
  public static TrainConfig load(Path file, Map<String, ?> overrides) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigurationException("configuration " + file + ": no such file");
    }
    try {
      return of(
          ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)),
          overrides);
    } catch (ConfigException e) {
      throw new ConfigurationException("configuration " + file + ": " + e.getMessage(), e);
    }
  }

  /** What {@code rglcd demo} runs, {@code conf/starter.conf}, with changes. */
  public static TrainConfig starter(Map<String, ?> overrides) {
    return of(
        ConfigFactory.parseResources(
            TrainConfig.class.getClassLoader(),
            STARTER,
            ConfigParseOptions.defaults().setAllowMissing(false)),
        overrides);
  }

  /** All keys there are, sorted. */
  public static Set<String> publicKeys() {
    return keys(reference());
  }

  /** The keys that the sections read, sorted. */
  static Set<String> keysRead() {
    KeyReader keys = new KeyReader(reference().resolve());
    read(keys, "");
    return keys.keysRead();
  }

  private static TrainConfig of(Config given, Map<String, ?> overrides) {
    Config user = ConfigFactory.parseMap(overrides, "command line").withFallback(given).resolve();
    refuseUnknown(user);
    Config all = user.withFallback(reference()).resolve();
    Config shown = all.withoutPath(SECRET);
    return read(new KeyReader(all), shown.root().render(ConfigRenderOptions.concise()));
  }

  private static TrainConfig read(KeyReader keys, String json) {
    return new TrainConfig(
        TeacherConfig.of(keys),
        DataConfig.of(keys),
        ObjectiveConfig.of(keys),
        RewardConfig.of(keys),
        OptimizerConfig.of(keys),
        RunConfig.of(keys),
        LoggingConfig.of(keys),
        ValidationConfig.of(keys),
        ClusterConfig.of(keys),
        json);
  }

  private static Config reference() {
    return ConfigFactory.parseResources(
        TrainConfig.class.getClassLoader(),
        REFERENCE,
        ConfigParseOptions.defaults().setAllowMissing(false));
  }

  private static void refuseUnknown(Config user) {
    Set<String> known = publicKeys();
    for (Map.Entry<String, ConfigValue> entry : user.entrySet()) {
      String key = entry.getKey();
      if (!known.contains(key)) {
        throw new ConfigurationException(
            "unknown key "
                + key
                + KeyReader.place(entry.getValue().origin())
                + " (nearest known key: "
                + NearestName.of(key, known)
                + ")");
      }
    }
  }

  private static Set<String> keys(Config config) {
    Set<String> keys = new TreeSet<>();
    config.entrySet().forEach(entry -> keys.add(entry.getKey()));
    return keys;
  }
}
