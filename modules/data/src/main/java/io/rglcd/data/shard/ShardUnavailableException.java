package io.rglcd.data.shard;

import java.io.IOException;

/**
 * A shard cannot be had, for now or for good, whatever its bytes may be: missing, forbidden, or
 * behind a server that does not answer.
 */
public class ShardUnavailableException extends IOException {

  private static final long serialVersionUID = 1L;

  /** With the reason in one sentence that names the shard. */
  public ShardUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
