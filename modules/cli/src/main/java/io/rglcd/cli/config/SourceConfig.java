package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

import io.rglcd.data.source.BearerTokens;
import io.rglcd.data.source.HttpOptions;
import io.rglcd.data.source.S3Options;
import io.rglcd.data.source.SourceOptions;
import io.rglcd.data.source.SourceOptions.CacheOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sections {@code data.http} and {@code data.s3}, and what else tells how shards are reached.
 *
 * @param missingShards fail or skip
 * @param indexDir where indices are kept; empty for nowhere
 * @param cacheDir where whole shards are kept; empty for nowhere
 * @param cacheGib of all of them
 * @param tokenFile with a bearer token; empty to look into the environment
 * @param connectTimeout in seconds
 * @param readTimeout in seconds
 * @param retries in a row
 * @param pipeTimeout in seconds
 * @param s3 how buckets are reached
 */
public record SourceConfig(
    String missingShards,
    String indexDir,
    String cacheDir,
    int cacheGib,
    String tokenFile,
    double connectTimeout,
    double readTimeout,
    int retries,
    double pipeTimeout,
    S3Options s3) {

  private static final String SKIP = "skip";

  /** Checks the values. */
  public SourceConfig {
    require(
        List.of("fail", SKIP).contains(missingShards),
        "data.missing-shards",
        missingShards,
        "fail or skip");
    require(cacheGib >= 1 && cacheGib <= 1 << 20, "data.shard-cache.gib", cacheGib, "1 to 1048576");
    require(
        connectTimeout >= 0.001 && connectTimeout <= 3600,
        "data.http.connect-timeout",
        connectTimeout,
        "0.001 to 3600");
    require(
        readTimeout >= 0.001 && readTimeout <= 3600,
        "data.http.read-timeout",
        readTimeout,
        "0.001 to 3600");
    require(retries >= 0 && retries <= 1000, "data.http.retries", retries, "0 to 1000");
    require(
        pipeTimeout >= 0.001 && pipeTimeout <= 86_400,
        "data.pipe-timeout",
        pipeTimeout,
        "0.001 to 86400");
  }

  static SourceConfig of(KeyReader keys) {
    return new SourceConfig(
        keys.text("data.missing-shards"),
        keys.text("data.index-dir"),
        keys.text("data.shard-cache.dir"),
        keys.integer("data.shard-cache.gib"),
        keys.text("data.http.token-file"),
        keys.number("data.http.connect-timeout"),
        keys.number("data.http.read-timeout"),
        keys.integer("data.http.retries"),
        keys.number("data.pipe-timeout"),
        new S3Options(
            keys.text("data.s3.endpoint"),
            keys.text("data.s3.region"),
            keys.flag("data.s3.path-style"),
            keys.flag("data.s3.anonymous")));
  }

  /**
   * For the data set.
   *
   * @param environment where tokens may be
   * @throws RuntimeException naming a token file that cannot be read
   */
  public SourceOptions options(Map<String, String> environment) {
    HttpOptions http =
        new HttpOptions(
            ClusterConfig.seconds(connectTimeout),
            ClusterConfig.seconds(readTimeout),
            retries,
            BearerTokens.find(tokenFile, environment));
    return new SourceOptions(
        http,
        s3,
        ClusterConfig.seconds(pipeTimeout),
        directory(indexDir),
        directory(cacheDir).map(dir -> new CacheOptions(dir, (long) cacheGib << 30)),
        missingShards.equals(SKIP));
  }

  private static Optional<Path> directory(String path) {
    return path.isBlank() ? Optional.empty() : Optional.of(Path.of(path));
  }
}
