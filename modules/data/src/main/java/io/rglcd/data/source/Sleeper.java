package io.rglcd.data.source;

import java.time.Duration;

/** Lets time pass between two attempts. */
@FunctionalInterface
interface Sleeper {

  /** Returns after this time. */
  void sleep(Duration duration) throws InterruptedException;
}
