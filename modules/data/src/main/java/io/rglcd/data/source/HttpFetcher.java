package io.rglcd.data.source;

import io.rglcd.data.DataException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Asks servers for byte ranges: one attempt a call, redirects followed. Who is allowed is shown to
 * the host that a shard is named by and to no other that it redirects to. Thread-safe.
 */
public final class HttpFetcher {

  private static final int MOST_REDIRECTS = 5;

  private static final String BUFFER_PROPERTY = "jdk.httpclient.bufsize";

  /** Java's client reads 16 KiB at a time, which takes half the rate of a fast line. */
  private static final int BUFFER = 128 * 1024;

  static {
    if (System.getProperty(BUFFER_PROPERTY) == null) {
      System.setProperty(BUFFER_PROPERTY, String.valueOf(BUFFER));
    }
  }

  private final HttpOptions options;
  private final LongSupplier nanoClock;
  private final RandomGenerator random;
  private final Sleeper sleeper;
  private final HttpClient client;

  /**
   * One that sleeps between attempts.
   *
   * @param nanoClock a clock of nanoseconds with any origin
   * @param random spreads the pauses
   */
  public HttpFetcher(HttpOptions options, LongSupplier nanoClock, RandomGenerator random) {
    this(options, nanoClock, random, pause -> Thread.sleep(pause.toMillis()));
  }

  HttpFetcher(
      HttpOptions options, LongSupplier nanoClock, RandomGenerator random, Sleeper sleeper) {
    this.options = options;
    this.nanoClock = nanoClock;
    this.random = random;
    this.sleeper = sleeper;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(options.connectTimeout())
            .build();
  }

  Retries retries(String shard) {
    return new Retries(shard, options.retries(), random, sleeper);
  }

  Patience patience() {
    return new Patience(options.readTimeout());
  }

  /** Shows a bearer token where there is one for the address. */
  Map<String, String> token(URI address) {
    String token = options.tokens().of(address);
    return token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token);
  }

  /**
   * Asks for a range once.
   *
   * @param to end of the range, exclusive; it may lie behind the end of the shard
   */
  HttpReply get(URI named, Authorizer authorizer, long from, long to) throws HttpFailure {
    URI uri = named;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      String range = "bytes=" + from + "-" + (to - 1);
      HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Range", range);
      if (isSameHost(named, uri)) {
        authorize(request, authorizer, uri, range);
      }
      HttpResponse<BodyQueue> response = send(request.build());
      if (!HttpAnswers.isRedirect(response)) {
        return HttpAnswers.reply(response, from, to, patience());
      }
      response.body().cancel();
      uri = HttpAnswers.target(response, uri);
    }
    throw HttpFailure.lasting("more than " + MOST_REDIRECTS + " redirects");
  }

  /** Credentials that cannot be renewed now may be in a moment. */
  private static void authorize(
      HttpRequest.Builder request, Authorizer authorizer, URI uri, String range)
      throws HttpFailure {
    try {
      authorizer.headers(uri, range).forEach(request::header);
    } catch (DataException e) {
      throw HttpFailure.passing(e.getMessage(), e);
    }
  }

  private HttpResponse<BodyQueue> send(HttpRequest request) throws HttpFailure {
    CompletableFuture<HttpResponse<BodyQueue>> answer =
        client.sendAsync(request, head -> new BodyQueue(nanoClock));
    try {
      return answer.get(options.readTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw HttpFailure.passing("no answer within " + Patience.seconds(options.readTimeout()), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw HttpFailure.lasting("reading was interrupted", e);
    } catch (ExecutionException e) {
      throw failure(request.uri(), e.getCause());
    }
  }

  private static HttpFailure failure(URI uri, Throwable cause) {
    String place = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    if (hasCause(cause, UnresolvedAddressException.class)) {
      return HttpFailure.passing("host " + uri.getHost() + " is not known", cause);
    }
    if (hasCause(cause, CertificateException.class)) {
      return HttpFailure.lasting(
          "the certificate of " + place + " is not trusted: " + cause.getMessage(), cause);
    }
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return HttpFailure.passing("no connection to " + place, cause);
    }
    String what = cause instanceof IOException ? cause.getMessage() : cause.toString();
    return HttpFailure.passing("the connection to " + place + " broke: " + what, cause);
  }

  private static boolean hasCause(Throwable outer, Class<? extends Throwable> type) {
    for (Throwable t = outer; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSameHost(URI one, URI other) {
    return origin(one).equals(origin(other));
  }

  private static String origin(URI uri) {
    return (uri.getScheme() + "://" + uri.getAuthority()).toLowerCase(Locale.ROOT);
  }
}
