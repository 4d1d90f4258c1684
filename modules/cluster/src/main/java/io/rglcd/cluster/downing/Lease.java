package io.rglcd.cluster.downing;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A right that at most one holder has at a time, kept somewhere that both sides of a cut may reach.
 * Who does not renew it loses it. No method waits.
 */
public interface Lease extends AutoCloseable {

  /** So long it is held without being renewed. */
  Duration DURATION = Duration.ofSeconds(15);

  /**
   * Takes it where nobody holds it, or renews it where it is held here.
   *
   * @return who holds it now, as {@link #holder} names it; fails where that cannot be known
   */
  CompletionStage<String> acquire();

  /** Gives it back where it is held here; fails where that could not be done. */
  CompletionStage<Void> release();

  /** The name that it is held by from here. */
  String holder();

  /** Gives it back where it is held here, as well as it can within a moment. */
  @Override
  void close();
}
