package io.rglcd.data.source;

import io.rglcd.data.shard.ShardSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Random;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;

/**
 * GiB a second of one long shard from servers on loopback, nginx over HTTP and S3Proxy, in
 * alternation with curl, which keeps nothing of it.
 */
public final class RemoteReadingMain {

  private static final int NOT_COUNTED = 2;
  private static final String NAME = "long.tar";
  private static final String BUCKET = "bucket";

  /** Reads the shard once. */
  private interface Reading {
    void read() throws IOException, InterruptedException;
  }

  private final double gibibytes;
  private final int rounds;

  private RemoteReadingMain(int mebibytes, int rounds) {
    this.gibibytes = mebibytes / 1024.0;
    this.rounds = rounds;
  }

  /**
   * Measures and prints.
   *
   * @param arguments [MEBIBYTES [ROUNDS]], 512 and 9 by default
   */
  public static void main(String[] arguments) throws Exception {
    int mebibytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 512;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9;
    if (Nginx.program().isEmpty()) {
      throw new IllegalStateException("nginx is not installed (Debian: nginx-light)");
    }
    Path folder = Files.createTempDirectory("rglcd-remote");
    try {
      Path bucket = Files.createDirectory(folder.resolve(BUCKET));
      write(bucket.resolve(NAME), mebibytes);
      new RemoteReadingMain(mebibytes, rounds).measure(folder);
    } finally {
      delete(folder);
    }
    System.exit(0);
  }

  private void measure(Path folder) throws Exception {
    HttpFetcher fetcher = new HttpFetcher(HttpOptions.DEFAULT, System::nanoTime, new Random());
    try (Nginx nginx = new Nginx(folder, "sendfile on;")) {
      String address = nginx.address(BUCKET + "/" + NAME);
      awaitAnswer(address);
      compare("http", address, new HttpShard(URI.create(address), fetcher));
    }
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", folder.toString());
    try (BlobStoreContext store =
        ContextBuilder.newBuilder("filesystem")
            .overrides(properties)
            .credentials("any", "any")
            .build(BlobStoreContext.class)) {
      S3Proxy server =
          S3Proxy.builder()
              .blobStore(store.getBlobStore())
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(AuthenticationType.NONE, "", "")
              .build();
      server.start();
      String endpoint = "http://127.0.0.1:" + server.getPort();
      S3Options options = new S3Options(endpoint, "us-east-1", true, true);
      S3Buckets buckets = new S3Buckets(options, AnonymousCredentialsProvider.create());
      compare(
          "s3",
          endpoint + "/" + BUCKET + "/" + NAME,
          buckets.shard("s3://" + BUCKET + "/" + NAME, fetcher));
      server.stop();
    }
  }

  private void compare(String what, String address, ShardSource shard) throws Exception {
    double[] ours = new double[rounds];
    double[] theirs = new double[rounds];
    for (int round = -NOT_COUNTED; round < rounds; round++) {
      double curl = rate(() -> curl(address));
      double rglcd = rate(() -> read(shard));
      if (round >= 0) {
        theirs[round] = curl;
        ours[round] = rglcd;
      }
    }
    double median = median(ours);
    double limit = median(theirs);
    System.out.printf(
        Locale.ROOT,
        "%s rglcd_gib_s=%.2f curl_gib_s=%.2f share=%.2f%n",
        what,
        median,
        limit,
        median / limit);
  }

  private double rate(Reading reading) throws IOException, InterruptedException {
    long began = System.nanoTime();
    reading.read();
    return gibibytes / ((System.nanoTime() - began) / 1e9);
  }

  private void read(ShardSource shard) throws IOException {
    byte[] buffer = new byte[256 << 10];
    long bytes = 0;
    try (InputStream in = shard.open(0)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        bytes += count;
      }
    }
    if (bytes != Math.round(gibibytes * (1 << 30))) {
      throw new IllegalStateException(bytes + " bytes were read");
    }
  }

  private static void curl(String address) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder(List.of("curl", "-sSf", "-o", "/dev/null", address))
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException("curl ended with status " + status);
    }
  }

  private static void awaitAnswer(String address) throws IOException, InterruptedException {
    new ProcessBuilder(
            List.of(
                "curl", "-s", "-o", "/dev/null", "--retry", "20", "--retry-connrefused", address))
        .start()
        .waitFor();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void write(Path file, int mebibytes) throws IOException {
    byte[] bytes = HttpShards.noise(1 << 20);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < mebibytes; i++) {
        out.write(bytes);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
