package io.rglcd.data.shard;

import java.io.IOException;

/** A shard is no longer the one that was begun: what was read of it and what follows do not fit. */
public final class ShardChangedException extends IOException {

  private static final long serialVersionUID = 1L;

  /** With the shard and what tells that it has changed. */
  public ShardChangedException(String message) {
    super(message);
  }
}
