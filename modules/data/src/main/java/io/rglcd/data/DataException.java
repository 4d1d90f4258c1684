package io.rglcd.data;

/** A shard, a setting of the data path or a request to the ledger cannot be served. */
public class DataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the reason in one sentence. */
  public DataException(String message) {
    super(message);
  }

  /** With the reason in one sentence and its cause. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
