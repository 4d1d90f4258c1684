package io.rglcd.data.shard;

/** A shard does not exist, says whoever should know. */
public final class ShardMissingException extends ShardUnavailableException {

  private static final long serialVersionUID = 1L;

  /** With the reason in one sentence that names the shard. */
  public ShardMissingException(String message, Throwable cause) {
    super(message, cause);
  }
}
