package io.rglcd.data;

/**
 * A sample that cannot be used.
 *
 * @param position in its epoch's order
 * @param shard name of its shard
 * @param key of the sample in the shard
 * @param reason what kind of fault it is, to be counted by
 * @param detail what exactly was found
 */
public record BadSample(long position, String shard, String key, Reason reason, String detail) {

  /** Kinds of faults. */
  public enum Reason {
    /** The sample has no picture file. */
    NO_IMAGE("no jpg, png, jpeg or webp file"),
    /** The sample has no caption file. */
    NO_CAPTION("no text, txt or caption file"),
    /** The bytes could not be read any more. */
    UNREADABLE("shard unreadable"),
    /** A file of the sample is larger than allowed. */
    ENTRY_TOO_LARGE("file too large"),
    /** Neither PNG nor JPEG. */
    IMAGE_UNSUPPORTED("picture format not supported"),
    /** More pixels than allowed. */
    IMAGE_TOO_LARGE("picture has too many pixels"),
    /** Damaged or cut short. */
    IMAGE_CORRUPT("picture corrupt"),
    /** The caption is not UTF-8. */
    CAPTION_CORRUPT("caption is not UTF-8"),
    /** The sample's json file is not JSON; the original drops such samples as well. */
    METADATA_CORRUPT("json file is not JSON");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** A few words for reports and the ledger. */
    public String text() {
      return text;
    }
  }

  @Override
  public String toString() {
    return shard + ", sample " + key + ": " + reason.text() + " (" + detail + ")";
  }
}
