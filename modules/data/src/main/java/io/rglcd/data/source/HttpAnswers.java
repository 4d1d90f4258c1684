package io.rglcd.data.source;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What servers answer to requests for ranges, and what each status means for a shard. */
final class HttpAnswers {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final Pattern RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-(\\d{1,18})|\\*)/(\\d{1,18})");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,4}");
  private static final Pattern CODE = Pattern.compile("<Code>(\\w{1,80})</Code>");
  private static final int LONGEST_CODE = 4096;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  private HttpAnswers() {}

  static boolean isRedirect(HttpResponse<?> response) {
    return REDIRECTS.contains(response.statusCode())
        && response.headers().firstValue("Location").isPresent();
  }

  /** Where a redirect leads. */
  static URI target(HttpResponse<?> response, URI from) throws HttpFailure {
    String location = response.headers().firstValue("Location").orElse("");
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw HttpFailure.lasting("a redirect to " + location + ", which is no address", e);
    }
    boolean secure = "https".equals(to.getScheme());
    if (to.getHost() == null || !(secure || "http".equals(from.getScheme()))) {
      throw HttpFailure.lasting("a redirect from https to " + to.getScheme());
    }
    return to;
  }

  /** The range that was asked for, or why it is not there. */
  static HttpReply reply(HttpResponse<BodyQueue> response, long from, long to, Patience patience)
      throws HttpFailure {
    try {
      return range(response, from, to, patience);
    } catch (HttpFailure e) {
      response.body().cancel();
      throw e;
    }
  }

  private static HttpReply range(
      HttpResponse<BodyQueue> response, long from, long to, Patience patience) throws HttpFailure {
    int status = response.statusCode();
    HttpHeaders headers = response.headers();
    Matcher span = RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    String tag =
        headers.firstValue("ETag").or(() -> headers.firstValue("Last-Modified")).orElse("");
    long length = headers.firstValueAsLong("Content-Length").orElse(-1);
    if (status == 206 && span.matches() && String.valueOf(from).equals(span.group(1))) {
      long end = Long.parseLong(span.group(2)) + 1;
      if (end <= to && end > from) {
        return new HttpReply(new ShardVersion(tag, size(span)), response.body(), end);
      }
    }
    if (status == 416 && span.matches() && from >= size(span)) {
      response.body().drain();
      return new HttpReply(new ShardVersion(tag, size(span)), null, from);
    }
    if (status == 200 && from == 0 && length >= 0 && length <= to) {
      return new HttpReply(new ShardVersion(tag, length), response.body(), length);
    }
    throw refusal(status + code(response, patience), status, headers);
  }

  private static long size(Matcher span) {
    return Long.parseLong(span.group(3));
  }

  private static HttpFailure refusal(String answer, int status, HttpHeaders headers) {
    if (PASSING.contains(status)) {
      return HttpFailure.passing("the server answers " + answer, retryAfter(headers));
    }
    if (status == 404 || status == 410) {
      return HttpFailure.missing("it does not exist (" + answer + ")");
    }
    return HttpFailure.lasting(
        switch (status) {
          case 200, 206, 416 -> "the server gives no byte ranges (expected: one that does)";
          case 401, 403 ->
              "the server refuses access (" + answer + ") without credentials, or with these";
          default -> "the server answers " + answer;
        });
  }

  /** What S3 says of an error, and in what other region a bucket is; empty of other servers. */
  private static String code(HttpResponse<BodyQueue> response, Patience patience) {
    if (response.statusCode() < 300) {
      return "";
    }
    byte[] start = new byte[LONGEST_CODE];
    int length = 0;
    try {
      for (int count = 0; count >= 0 && length < start.length; length += Math.max(0, count)) {
        count = response.body().read(start, length, start.length - length, patience);
      }
    } catch (HttpFailure e) {
      return "";
    }
    Matcher code = CODE.matcher(new String(start, 0, length, StandardCharsets.UTF_8));
    String region =
        response.headers().firstValue("x-amz-bucket-region").map(r -> ", region " + r).orElse("");
    return code.find() ? " " + code.group(1) + region : "";
  }

  private static Duration retryAfter(HttpHeaders headers) {
    String asked = headers.firstValue("Retry-After").orElse("");
    Duration pause =
        SECONDS.matcher(asked).matches()
            ? Duration.ofSeconds(Integer.parseInt(asked))
            : Duration.ZERO;
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }
}
