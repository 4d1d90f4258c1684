package io.rglcd.data.source;

import io.rglcd.data.shard.ShardChangedException;
import io.rglcd.data.shard.ShardSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/**
 * A shard that a server gives by byte ranges. The version that was met first is the shard; another
 * one is an error. Thread-safe.
 */
public final class HttpShard implements ShardSource {

  private final String name;
  private final URI uri;
  private final HttpFetcher fetcher;
  private final Authorizer authorizer;
  private ShardVersion version;

  /** A shard at an address of scheme http or https. */
  public HttpShard(URI uri, HttpFetcher fetcher) {
    this(withoutQuery(uri), uri, fetcher, (address, range) -> fetcher.token(address));
  }

  /** A shard that has another name than its address, and another way to be let in. */
  HttpShard(String name, URI uri, HttpFetcher fetcher, Authorizer authorizer) {
    this.name = name;
    this.uri = uri;
    this.fetcher = fetcher;
    this.authorizer = authorizer;
  }

  /** The address without its query, which may hold a signature. */
  @Override
  public String name() {
    return name;
  }

  @Override
  public InputStream open(long offset) {
    return new HttpShardStream(this, offset, Long.MAX_VALUE);
  }

  @Override
  public InputStream open(long offset, long length) {
    return new HttpShardStream(this, offset, offset + length);
  }

  /** Size and tag; asked of the server where nothing was read yet. */
  @Override
  public String version() throws IOException {
    if (sizeBound() == Long.MAX_VALUE) {
      try (InputStream start = open(0, 1)) {
        start.readNBytes(1);
      }
    }
    synchronized (this) {
      return version == null ? "" : version.toString();
    }
  }

  @Override
  public ShardSource anew() {
    return new HttpShard(name, uri, fetcher, authorizer);
  }

  URI address() {
    return uri;
  }

  HttpFetcher fetcher() {
    return fetcher;
  }

  /** Asks for a range once. */
  HttpReply get(long from, long to) throws HttpFailure, ShardChangedException {
    HttpReply reply = fetcher.get(uri, authorizer, from, to);
    ShardVersion known = check(reply.version());
    if (!known.equals(reply.version())) {
      if (reply.body() != null) {
        reply.body().cancel();
      }
      throw new ShardChangedException(
          "shard "
              + name()
              + " has changed while it was used: "
              + reply.version()
              + " (expected: "
              + known
              + ")");
    }
    return reply;
  }

  /** Size in bytes; as large as can be where it is not known yet. */
  synchronized long sizeBound() {
    return version == null ? Long.MAX_VALUE : version.size();
  }

  private static String withoutQuery(URI uri) {
    String address = uri.toString();
    int query = address.indexOf('?');
    return query < 0 ? address : address.substring(0, query);
  }

  private synchronized ShardVersion check(ShardVersion met) {
    version = version == null ? met : version;
    return version;
  }
}
