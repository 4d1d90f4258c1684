package io.rglcd.data.source;

import io.rglcd.data.DataException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.signer.AwsS3V4Signer;
import software.amazon.awssdk.auth.signer.params.AwsS3V4SignerParams;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Objects in buckets, read as any other shard over HTTP but for their addresses and the signature
 * (AWS Signature Version 4) of each request. Credentials that expire are renewed. Thread-safe.
 */
final class S3Buckets implements Authorizer {

  private static final Pattern NAME = Pattern.compile("[sS]3://([^/]+)/(.+)", Pattern.DOTALL);

  /** What servers other than AWS take requests to be signed for where nobody tells them. */
  private static final String USUAL_REGION = "us-east-1";

  private final S3Options options;
  private final Region region;
  private final Optional<AwsCredentialsProvider> credentials;
  private final AwsS3V4Signer signer = AwsS3V4Signer.create();

  /**
   * Looks for the region and credentials, so that what is missing is known at once.
   *
   * @param chain that is asked unless the options say anonymous
   * @throws DataException saying what is missing
   */
  S3Buckets(S3Options options, AwsCredentialsProvider chain) {
    this.options = options;
    this.region = region(options);
    this.credentials = options.anonymous() ? Optional.empty() : Optional.of(chain);
    this.credentials.ifPresent(S3Buckets::resolved);
  }

  /** The object that {@code s3://bucket/key} names. */
  HttpShard shard(String name, HttpFetcher fetcher) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new DataException("shard " + name + " (expected: s3://bucket/key)");
    }
    return new HttpShard(name, address(name, parts.group(1), parts.group(2)), fetcher, this);
  }

  @Override
  public Map<String, String> headers(URI address, String range) {
    if (credentials.isEmpty()) {
      return Map.of();
    }
    SdkHttpFullRequest request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.GET)
            .uri(address)
            .putHeader("Range", range)
            .build();
    AwsS3V4SignerParams how =
        AwsS3V4SignerParams.builder()
            .awsCredentials(resolved(credentials.get()))
            .signingName("s3")
            .signingRegion(region)
            .doubleUrlEncode(false)
            .build();
    Map<String, String> headers = new HashMap<>();
    for (Map.Entry<String, List<String>> header : signer.sign(request, how).headers().entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!name.equals("host") && !name.equals("range")) {
        headers.put(header.getKey(), String.join(",", header.getValue()));
      }
    }
    return headers;
  }

  private URI address(String name, String bucket, String key) {
    String endpoint =
        options.endpoint().isEmpty()
            ? "https://s3." + region.id() + ".amazonaws.com"
            : options.endpoint();
    boolean inPath = options.pathStyle() || bucket.indexOf('.') >= 0;
    String path = "/" + SdkHttpUtils.urlEncodeIgnoreSlashes(key);
    try {
      URI base = new URI(endpoint);
      if (base.getHost() == null || !List.of("http", "https").contains(base.getScheme())) {
        throw new DataException("S3 endpoint " + endpoint + " (expected: https://host:port)");
      }
      String host = base.getRawAuthority();
      String folder = base.getRawPath().replaceAll("/+$", "");
      return new URI(
          base.getScheme()
              + "://"
              + (inPath ? host + folder + "/" + bucket : bucket + "." + host + folder)
              + path);
    } catch (URISyntaxException e) {
      throw new DataException(
          "shard " + name + " at endpoint " + endpoint + " is no address: " + e.getReason(), e);
    }
  }

  private static Region region(S3Options options) {
    if (!options.region().isEmpty()) {
      return Region.of(options.region());
    }
    if (!options.endpoint().isEmpty()) {
      return Region.of(USUAL_REGION);
    }
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkException e) {
      throw new DataException(
          "no S3 region is configured (expected: data.s3.region, AWS_REGION or ~/.aws/config)", e);
    }
  }

  private static AwsCredentials resolved(AwsCredentialsProvider chain) {
    try {
      return chain.resolveCredentials();
    } catch (SdkException e) {
      throw new DataException(
          "no S3 credentials are found (expected: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
              + " ~/.aws/credentials, a role of the machine, or data.s3.anonymous)",
          e);
    }
  }
}
