package io.rglcd.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.DataException;
import io.rglcd.data.TarBuilder;
import io.rglcd.data.shard.ShardIndex;
import io.rglcd.data.shard.ShardSource;
import java.net.URI;
import java.util.Properties;
import java.util.Random;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

class S3BucketsTest {

  private static final HttpFetcher FETCHER =
      new HttpFetcher(HttpOptions.DEFAULT, System::nanoTime, new Random(1), pause -> {});
  private static BlobStoreContext store;
  private static S3Proxy server;

  @BeforeAll
  static void start() throws Exception {
    store =
        ContextBuilder.newBuilder("transient")
            .overrides(new Properties())
            .credentials("any", "any")
            .build(BlobStoreContext.class);
    server =
        S3Proxy.builder()
            .blobStore(store.getBlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "id", "secret")
            .build();
    server.start();
    store.getBlobStore().createContainerInLocation(null, "bucket");
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
    store.close();
  }

  @Test
  void shardsInBucketsAreIndexedAndReadByRanges() throws Exception {
    byte[] tar =
        new TarBuilder().file("a.npy", new byte[2_000_000]).file("b.txt", "second").bytes();
    put("cc12m/train +é-00000.tar", tar);
    ShardIndex index = ShardIndex.read(shard("s3://bucket/cc12m/train +é-00000.tar", "secret"));
    assertThat(index.damage()).isEmpty();
    assertThat(index.samples()).hasSize(2);
    assertThat(index.samples().get(1).fields().get(0).read()).asString().isEqualTo("second");
    assertThat(index.source().name()).isEqualTo("s3://bucket/cc12m/train +é-00000.tar");
  }

  @Test
  void wrongCredentialsAreNamedAtOnce() {
    put("a.tar", new byte[1024]);
    assertThatThrownBy(() -> ShardIndex.read(shard("s3://bucket/a.tar", "wrong")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("s3://bucket/a.tar")
        .hasMessageContaining("403")
        .hasMessageContaining("SignatureDoesNotMatch");
  }

  @Test
  void anObjectThatDoesNotExistIsMissing() {
    ShardIndex index = ShardIndex.read(shard("s3://bucket/none.tar", "secret"));
    assertThat(index.damage().orElseThrow().missing()).isTrue();
    assertThat(index.damage().orElseThrow().reason()).contains("NoSuchKey");
  }

  @Test
  void missingCredentialsAreNamedBeforeAnythingIsAsked() {
    AwsCredentialsProvider none =
        AwsCredentialsProviderChain.builder().addCredentialsProvider(S3BucketsTest::fail).build();
    assertThatThrownBy(() -> new S3Buckets(options("http://host", true, false), none))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("AWS_ACCESS_KEY_ID");
  }

  @Test
  void nothingIsSignedForPublicBuckets() {
    S3Buckets buckets = new S3Buckets(options("http://host", true, true), S3BucketsTest::fail);
    assertThat(buckets.headers(URI.create("http://host/b/k"), "bytes=0-1")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', false, s3://b/k.tar, https://b.s3.eu-west-1.amazonaws.com/k.tar",
    "'', true, s3://b/k.tar, https://s3.eu-west-1.amazonaws.com/b/k.tar",
    "'', false, s3://b.c/k.tar, https://s3.eu-west-1.amazonaws.com/b.c/k.tar",
    "http://minio:9000, true, s3://b/x y/k.tar, http://minio:9000/b/x%20y/k.tar",
    "http://minio/s3/, true, s3://b/k.tar, http://minio/s3/b/k.tar",
    "http://minio:9000/, false, s3://b/k.tar, http://b.minio:9000/k.tar"
  })
  void bucketsAreInTheHostNameOrInThePath(
      String endpoint, boolean pathStyle, String name, String address) {
    S3Buckets buckets =
        new S3Buckets(options(endpoint, pathStyle, false), AnonymousCredentialsProvider.create());
    assertThat(buckets.shard(name, FETCHER).address()).hasToString(address);
  }

  @ParameterizedTest
  @CsvSource({
    "http://host, s3://bucket, expected: s3://bucket/key",
    "host:9000, s3://bucket/key, expected: https://host:port",
    "http://host, s3://buck et/key, is no address"
  })
  void whatIsNoAddressIsOneSentence(String endpoint, String name, String sentence) {
    S3Buckets buckets = new S3Buckets(options(endpoint, true, true), S3BucketsTest::fail);
    assertThatThrownBy(() -> buckets.shard(name, FETCHER))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(sentence);
  }

  private static AwsCredentials fail() {
    throw SdkClientException.create("none");
  }

  private static S3Options options(String endpoint, boolean pathStyle, boolean anonymous) {
    return new S3Options(endpoint, "eu-west-1", pathStyle, anonymous);
  }

  private static ShardSource shard(String name, String secret) {
    S3Buckets buckets =
        new S3Buckets(
            options("http://127.0.0.1:" + server.getPort(), true, false),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("id", secret)));
    return buckets.shard(name, FETCHER);
  }

  private static void put(String key, byte[] content) {
    BlobStore blobs = store.getBlobStore();
    blobs.putBlob(
        "bucket", blobs.blobBuilder(key).payload(content).contentLength(content.length).build());
  }
}
