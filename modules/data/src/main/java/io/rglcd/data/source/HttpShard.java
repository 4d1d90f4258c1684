package io.rglcd.data.source;

import io.rglcd.data.shard.ShardChangedException;
import io.rglcd.data.shard.ShardSource;
import java.io.InputStream;
import java.net.URI;

/**
 * A shard that a server gives by byte ranges. The version that was met first is the shard; another
 * one is an error, until it is begun anew. Thread-safe.
 */
public final class HttpShard implements ShardSource {

  private final URI uri;
  private final HttpFetcher fetcher;
  private ShardVersion version;

  /** A shard at an address of scheme http or https. */
  public HttpShard(URI uri, HttpFetcher fetcher) {
    this.uri = uri;
    this.fetcher = fetcher;
  }

  /** The address without its query, which may hold a signature. */
  @Override
  public String name() {
    String address = uri.toString();
    int query = address.indexOf('?');
    return query < 0 ? address : address.substring(0, query);
  }

  @Override
  public InputStream open(long offset) {
    return new HttpShardStream(this, offset, Long.MAX_VALUE);
  }

  @Override
  public InputStream open(long offset, long length) {
    return new HttpShardStream(this, offset, offset + length);
  }

  @Override
  public synchronized void beginAnew() {
    version = null;
  }

  HttpFetcher fetcher() {
    return fetcher;
  }

  /** Asks for a range once. */
  HttpReply get(long from, long to) throws HttpFailure, ShardChangedException {
    HttpReply reply = fetcher.get(uri, from, to);
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

  private synchronized ShardVersion check(ShardVersion met) {
    version = version == null ? met : version;
    return version;
  }
}
