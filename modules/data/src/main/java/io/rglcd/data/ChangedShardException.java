package io.rglcd.data;

/** A sample cannot be used because its shard has changed; it may lie elsewhere by now. */
final class ChangedShardException extends UnusableSampleException {

  private static final long serialVersionUID = 1L;

  /** With what tells that it has changed. */
  ChangedShardException(String detail) {
    super(BadSample.Reason.UNREADABLE, detail);
  }
}
