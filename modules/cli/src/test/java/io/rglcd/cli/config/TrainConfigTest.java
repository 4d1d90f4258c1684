package io.rglcd.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.cluster.node.Downing;
import io.rglcd.data.ReadOptions;
import io.rglcd.data.image.Interpolation;
import io.rglcd.data.source.SourceOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainConfigTest {

  @TempDir Path folder;

  @Test
  void publicKeysAreFrozen() {
    assertThat(String.join(" ", TrainConfig.publicKeys()))
        .isEqualTo(
            "cluster.acceptable-heartbeat-pause cluster.data-plane.first-port"
                + " cluster.data-plane.last-port cluster.data-plane.patience"
                + " cluster.data-plane.wire cluster.discovery.contact-points"
                + " cluster.discovery.endpoints cluster.discovery.service"
                + " cluster.downing cluster.expected-workers cluster.lease-name cluster.log-dir"
                + " cluster.management-port cluster.max-failures cluster.min-workers cluster.pod-deletion-cost cluster.quorum cluster.recover-after"
                + " cluster.scratch-dir cluster.secret cluster.snapshot-donors cluster.step-timeout"
                + " cluster.straggler-after data.cache-mib data.caption-field data.center-crop data.dataloader-num-workers"
                + " data.filter.caption-excludes data.filter.caption-matches data.filter.max-aspect data.filter.max-caption data.filter.max-watermark data.filter.min-caption data.filter.min-size data.http.connect-timeout data.http.read-timeout data.http.retries data.http.token-file data.index-dir data.interpolation-type data.max-entry-mib data.max-pixels"
                + " data.max-train-samples data.missing-shards data.pipe-timeout data.prefetch-seconds data.proportion-empty-prompts data.random-flip data.resolution data.s3.anonymous data.s3.endpoint data.s3.path-style data.s3.region data.shard-cache.dir data.shard-cache.gib data.train-shards data.work-on-latent data.work-on-prompt-embeds logging.logging-dir logging.report-to logging.tracker-project-name objective.huber-c"
                + " objective.loss-type objective.num-ddim-timesteps"
                + " objective.timestep-scaling-factor objective.unet-time-cond-proj-dim"
                + " objective.w-max objective.w-min optimizer.adam-beta1 optimizer.adam-beta2"
                + " optimizer.adam-epsilon optimizer.adam-weight-decay optimizer.ema-decay"
                + " optimizer.learning-rate optimizer.lr-scheduler optimizer.lr-warmup-steps"
                + " optimizer.max-grad-norm optimizer.scale-lr reward.name reward.optimize"
                + " reward.scale teacher.model teacher.vae training.checkpointing-steps"
                + " training.checkpoints-total-limit training.gradient-accumulation-steps"
                + " training.max-train-steps training.num-train-epochs training.output-dir"
                + " training.resume-from-checkpoint training.seed training.train-batch-size"
                + " training.vae-decode-batch-size training.vae-encode-batch-size training.workers validation.count validation.guidance validation.pictures"
                + " validation.prompts validation.steps");
  }

  @Test
  void everyPublicKeyIsReadAndNoOther() {
    assertThat(TrainConfig.keysRead()).isEqualTo(TrainConfig.publicKeys());
  }

  @Test
  void defaultsAreThoseOfTheOfficialScript() throws IOException {
    TrainConfig config = TrainConfig.load(file(""), Map.of());

    assertThat(config.optimizer().learningRate()).isEqualTo(1e-6);
    assertThat(config.objective().wMin()).isEqualTo(5);
    assertThat(config.objective().wMax()).isEqualTo(15);
    assertThat(config.reward().beta()).isZero();
    assertThat(config.training().seed()).isEqualTo(453645634);
  }

  @Test
  void epochsCountWhereNoStepsAreGiven() {
    Map<String, Object> epochs = Map.of("training.num-train-epochs", 3);
    assertThat(TrainConfig.starter(epochs).training().steps(65)).isEqualTo(300);

    Map<String, Object> only =
        Map.of("training.num-train-epochs", 3, "training.max-train-steps", 0);
    assertThat(TrainConfig.starter(only).training().steps(64)).isEqualTo(6);
    assertThat(TrainConfig.starter(only).training().steps(65)).isEqualTo(9);
  }

  @Test
  void filtersAndLimitsReachTheLoader() {
    Map<String, Object> keys =
        Map.of(
            "data.filter.min-size",
            768,
            "data.filter.max-watermark",
            0.5,
            "data.filter.caption-excludes",
            "(?i)getty",
            "data.caption-field",
            "llava",
            "data.max-entry-mib",
            3);

    ReadOptions read = TrainConfig.starter(keys).data().pictureOptions().read();

    assertThat(read.maxEntryBytes()).isEqualTo(3 << 20);
    assertThat(read.captionField()).isEqualTo("llava");
    assertThat(read.filter().minSize()).isEqualTo(768);
    assertThat(read.filter().maxWatermark()).isEqualTo(0.5);
    assertThat(read.filter().captionExcludes().orElseThrow().pattern()).isEqualTo("(?i)getty");
    assertThat(TrainConfig.starter(Map.of()).data().pictureOptions().read())
        .isEqualTo(ReadOptions.DEFAULT);
  }

  @Test
  void howShardsAreReachedComesFromKeysAndTheEnvironment() {
    assertThat(TrainConfig.starter(Map.of()).data().sources().options(Map.of()))
        .isEqualTo(SourceOptions.DEFAULT);

    Map<String, Object> keys =
        Map.of(
            "data.missing-shards",
            "skip",
            "data.http.retries",
            2,
            "data.http.read-timeout",
            1.5,
            "data.pipe-timeout",
            0.25,
            "data.s3.region",
            "eu-west-1");
    SourceOptions read =
        TrainConfig.starter(keys).data().sources().options(Map.of("RGLCD_DATA_TOKEN", "secret"));

    assertThat(read.skipMissing()).isTrue();
    assertThat(read.s3().region()).isEqualTo("eu-west-1");
    assertThat(read.http().retries()).isEqualTo(2);
    assertThat(read.http().readTimeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(read.pipeTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(read.http().tokens().general()).isEqualTo("secret");
    assertThatThrownBy(() -> TrainConfig.starter(Map.of("data.missing-shards", "maybe")))
        .hasMessage("data.missing-shards: maybe (expected: fail or skip)");
  }

  @Test
  void anExpressionThatIsNoneIsNamed() {
    assertThatThrownBy(() -> TrainConfig.starter(Map.of("data.filter.caption-matches", "a(b")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "data.filter.caption-matches: a(b (expected: a regular expression; Unclosed group)");
  }

  @Test
  void interpolationReachesTheLoaderAndUnknownOnesAreRefused() {
    String key = "data.interpolation-type";
    assertThat(TrainConfig.starter(Map.of(key, "lanczos")).data().pictureOptions().interpolation())
        .isEqualTo(Interpolation.LANCZOS);
    assertThatThrownBy(() -> TrainConfig.starter(Map.of(key, "cubic")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(key + ": cubic (expected: one of bilinear, bicubic,");
  }

  @Test
  void boardsThatAreNotThereAreRefused() {
    assertThatThrownBy(() -> TrainConfig.starter(Map.of("logging.report-to", "wandb")))
        .hasMessage("logging.report-to: wandb (expected: tensorboard or none)");
  }

  @Test
  void starterTakesOverrides() {
    TrainConfig config = TrainConfig.starter(Map.of("training.max-train-steps", 7));

    assertThat(config.training().maxTrainSteps()).isEqualTo(7);
    assertThat(config.training().samplesPerStep()).isEqualTo(32);
    assertThat(config.reward().beta()).isEqualTo(1);
    assertThat(config.json()).contains("\"max-train-steps\":7");
  }

  @Test
  void longConfigurationIsTheStarterForMoreSteps() {
    TrainConfig config = TrainConfig.load(Path.of("../../conf/starter-long.conf"), Map.of());

    assertThat(config.training().maxTrainSteps())
        .isGreaterThan(TrainConfig.starter(Map.of()).training().maxTrainSteps());
    assertThat(config.data().resolution()).isEqualTo(32);
    assertThat(config.reward().optimize()).isTrue();
  }

  @Test
  void configurationForKubernetesIsTheStarterOnTheSharedVolume() {
    TrainConfig config = TrainConfig.load(Path.of("../../conf/kubernetes.conf"), Map.of());

    assertThat(config.training().outputDir()).isEqualTo("/runs/cluster");
    assertThat(config.data().resolution()).isEqualTo(32);
    assertThat(config.cluster().whoDecides())
        .isEqualTo(new Downing.LeaseMajority("rglcd-coordinators"));
    assertThat(config.cluster().pod(Map.of("POD_NAME", "pod-1"))).contains("pod-1");
    assertThatThrownBy(() -> config.cluster().pod(Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "environment variable POD_NAME: not set (expected: the name of the pod, with"
                + " cluster.pod-deletion-cost = true)");
    assertThat(config.cluster().contactPoints()).isEqualTo(2);
    assertThat(config.cluster().managementPort()).isEqualTo(8558);
    assertThat(config.cluster().service()).isEqualTo("rglcd");
  }

  @Test
  void whoDecidesIsAQuorumOrALease() {
    assertThat(TrainConfig.starter(Map.of("cluster.quorum", 2)).cluster().whoDecides())
        .isEqualTo(new Downing.StaticQuorum(2));
    assertThat(TrainConfig.starter(Map.of()).cluster().pod(Map.of())).isEmpty();
    Map<String, Object> named =
        Map.of("cluster.downing", "lease-majority", "cluster.lease-name", "a.lease");
    assertThat(TrainConfig.starter(named).cluster().whoDecides())
        .isEqualTo(new Downing.LeaseMajority("a.lease"));
    assertThatThrownBy(() -> TrainConfig.starter(Map.of("cluster.downing", "keep-oldest")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("cluster.downing: keep-oldest (expected: static-quorum or lease-majority)");
    Map<String, Object> both = Map.of("cluster.downing", "lease-majority", "cluster.quorum", 2);
    assertThatThrownBy(() -> TrainConfig.starter(both))
        .hasMessage(
            "cluster.quorum: 2 (expected: 1 with cluster.downing = lease-majority, where the lease"
                + " stands for a quorum)");
    Map<String, Object> wrong =
        Map.of("cluster.downing", "lease-majority", "cluster.lease-name", "A lease");
    assertThatThrownBy(() -> TrainConfig.starter(wrong))
        .hasMessage("cluster.lease-name: A lease (expected: lower case letters, digits, - and .)");
  }

  @Test
  void unknownKeyNamesKeyFileLineAndNearestKey() throws IOException {
    Path file = file("data {\n  resolutoin = 32\n}\n");

    assertThatThrownBy(() -> TrainConfig.load(file, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("unknown key data.resolutoin")
        .hasMessageContaining(file.toString())
        .hasMessageContaining("line 2")
        .hasMessageContaining("nearest known key: data.resolution");
  }

  @Test
  void wrongTypeNamesKeyValueAndPlace() throws IOException {
    Path file = file("training.workers = many");

    assertThatThrownBy(() -> TrainConfig.load(file, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("training.workers: \"many\" (expected: an integer)")
        .hasMessageContaining("line 1");
  }

  @Test
  void fractionsAreNoIntegers() throws IOException {
    Path file = file("training.workers = 1.5");

    assertThatThrownBy(() -> TrainConfig.load(file, Map.of()))
        .hasMessageContaining("training.workers: 1.5 (expected: an integer)");
  }

  @Test
  void zeroWorkersAreRefused() {
    assertThatThrownBy(() -> TrainConfig.starter(Map.of("training.workers", 0)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("training.workers: 0 (expected: >= 1)");
  }

  @Test
  void brokenTextNamesTheFile() throws IOException {
    Path file = file("data { resolution = \n");

    assertThatThrownBy(() -> TrainConfig.load(file, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void missingFileIsNamed() {
    assertThatThrownBy(() -> TrainConfig.load(folder.resolve("no.conf"), Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no.conf: no such file");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("train.conf"), text);
  }

  @Test
  void secretIsNeverWrittenDown() {
    TrainConfig config = TrainConfig.starter(Map.of("cluster.secret", "do not tell"));
    assertThat(config.cluster().secret()).isEqualTo("do not tell");
    assertThat(config.json()).contains("\"quorum\"").doesNotContain("do not tell");
  }
}
