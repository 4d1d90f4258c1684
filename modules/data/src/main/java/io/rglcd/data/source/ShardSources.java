package io.rglcd.data.source;

import io.rglcd.data.DataException;
import io.rglcd.data.shard.BraceRange;
import io.rglcd.data.shard.ShardPaths;
import io.rglcd.data.shard.ShardSource;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Finds shards by path, pattern and address. Braces are expanded in all of them; the order is as
 * written. For one thread.
 */
public final class ShardSources {

  private static final Pattern ADDRESS =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*|(pipe):.*", Pattern.DOTALL);

  private static final String PIPE = "pipe:";

  /** Twice as many as are shuffled into each other, for the end of one group and the next. */
  private static final int COPIES = 8;

  private final SourceOptions options;
  private final LongSupplier nanoClock;
  private final RandomGenerator random;
  private final Optional<ShardCache> cache;
  private final Spool spool = new Spool(COPIES);
  private HttpFetcher fetcher;
  private S3Buckets buckets;

  /**
   * Sources that share connections.
   *
   * @param nanoClock a clock of nanoseconds with any origin
   * @param random spreads the pauses between attempts
   * @throws DataException naming a cache that cannot be written
   */
  public ShardSources(SourceOptions options, LongSupplier nanoClock, RandomGenerator random) {
    this.options = options;
    this.nanoClock = nanoClock;
    this.random = random;
    this.cache = options.cache().map(c -> ShardCache.open(c.directory(), c.maxBytes()));
  }

  /**
   * The shards that specifications stand for. Nothing is asked of a server yet.
   *
   * @param specifications paths as {@link ShardPaths#find} takes them, and addresses
   * @throws DataException naming a file that does not exist or what is no address
   */
  public List<ShardSource> find(List<String> specifications) {
    List<ShardSource> shards = new ArrayList<>();
    for (String specification : specifications) {
      List<String> names = BraceRange.expand(specification);
      if (names.stream().anyMatch(ShardSources::isAddress)) {
        names.forEach(name -> shards.addAll(isAddress(name) ? List.of(remote(name)) : local(name)));
      } else {
        shards.addAll(local(specification));
      }
    }
    return shards.isEmpty() ? ShardPaths.find(specifications) : List.copyOf(shards);
  }

  private List<ShardSource> local(String specification) {
    return ShardPaths.find(List.of(specification), options.skipMissing());
  }

  private static boolean isAddress(String name) {
    return ADDRESS.matcher(name).matches();
  }

  private ShardSource remote(String name) {
    Matcher address = ADDRESS.matcher(name);
    if (!address.matches() || address.group(2) != null) {
      PipeShard shard =
          new PipeShard(name.substring(PIPE.length()), options.pipeTimeout(), nanoClock);
      return cache.isPresent() ? cached(shard) : new SpooledShard(shard, spool);
    }
    ShardSource shard = served(name, address);
    return cache.isPresent() ? cached(shard) : shard;
  }

  private ShardSource cached(ShardSource shard) {
    return new CachedShard(shard, cache.orElseThrow(), InstantSource.system());
  }

  private ShardSource served(String name, Matcher address) {
    String scheme = address.group(1).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "http", "https" -> new HttpShard(uri(name), fetcher());
      case "s3" -> buckets().shard(name, fetcher());
      default ->
          throw new DataException(
              "shard "
                  + name
                  + ": "
                  + scheme
                  + " (expected: a path, http://, https://, s3:// or pipe:)");
    };
  }

  /** Made where there is something to fetch: it has a thread of its own. */
  private HttpFetcher fetcher() {
    if (fetcher == null) {
      fetcher = new HttpFetcher(options.http(), nanoClock, random);
    }
    return fetcher;
  }

  private S3Buckets buckets() {
    if (buckets == null) {
      buckets = new S3Buckets(options.s3(), DefaultCredentialsProvider.create());
    }
    return buckets;
  }

  private static URI uri(String name) {
    try {
      URI uri = new URI(name);
      if (uri.getHost() == null) {
        throw new DataException("shard " + name + " names no host (expected: https://host/path)");
      }
      if (uri.getUserInfo() != null) {
        throw new DataException(
            "shard at " + uri.getHost() + ": a password in its address (expected: a token file)");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new DataException("shard " + name + " is no address: " + e.getReason(), e);
    }
  }
}
