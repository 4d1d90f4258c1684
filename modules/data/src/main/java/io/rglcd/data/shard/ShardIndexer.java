package io.rglcd.data.shard;

import io.rglcd.data.DataException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Reads the indices of many shards, several at a time: most of it is waiting for servers. */
public final class ShardIndexer {

  private static final int AT_A_TIME = 8;

  private ShardIndexer() {}

  /**
   * The indices in the order of the shards, which are begun in a random order: processes that share
   * a store and start together share the reading.
   *
   * @param store where indices may be already; empty to read each shard
   * @param skipMissing whether shards that do not exist are damage only
   * @throws DataException naming the first shard that does not exist or cannot be had
   */
  public static List<ShardIndex> read(
      List<ShardSource> sources, Optional<IndexStore> store, boolean skipMissing) {
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME, ShardIndexer::thread);
    try {
      List<FutureTask<ShardIndex>> readings =
          sources.stream().map(s -> new FutureTask<>(() -> read(s, store))).toList();
      List<FutureTask<ShardIndex>> begun = new ArrayList<>(readings);
      Collections.shuffle(begun);
      begun.forEach(threads::execute);
      List<ShardIndex> indices = new ArrayList<>();
      for (Future<ShardIndex> reading : readings) {
        indices.add(checked(reading.get(), skipMissing));
      }
      return indices;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DataException cause) {
        throw cause;
      }
      throw new DataException("shards cannot be read: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("reading shards was interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static ShardIndex read(ShardSource source, Optional<IndexStore> store) {
    return store.isPresent() ? store.get().read(source) : ShardIndex.read(source);
  }

  private static ShardIndex checked(ShardIndex index, boolean skipMissing) {
    if (!skipMissing && index.damage().filter(ShardDamage::missing).isPresent()) {
      throw new DataException(index.damage().get().reason());
    }
    return index;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "shard-index");
    thread.setDaemon(true);
    return thread;
  }
}
