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
    /** The sample has no latents. */
    NO_LATENTS("no npy or npz file of latents"),
    /** They are of other dimensions than the model's. */
    LATENTS_SHAPE("latents of another shape"),
    /** The sample has latents but no states of its captions. */
    NO_TEXT_STATES("no prompt_embeds.npy file"),
    /** They are of other dimensions than the model's, or of another number of captions. */
    TEXT_STATES_SHAPE("text states of another shape"),
    /** The sample has no caption file. */
    NO_CAPTION("no text, txt or caption file"),
    /** The bytes could not be read any more. */
    UNREADABLE("shard unreadable"),
    /** A file of the sample is larger than allowed. */
    ENTRY_TOO_LARGE("file too large"),
    /** No format that is read. */
    IMAGE_UNSUPPORTED("picture format not supported"),
    /** More pixels than allowed. */
    IMAGE_TOO_LARGE("picture has too many pixels"),
    /** Damaged or cut short. */
    IMAGE_CORRUPT("picture corrupt"),
    /** The caption, or another text of the sample, is not UTF-8. */
    CAPTION_CORRUPT("caption is not UTF-8"),
    /** The sample's json file is not JSON; the original drops such samples as well. */
    METADATA_CORRUPT("json file is not JSON"),
    /** Another of the sample's files is broken; the original drops such samples as well. */
    FILE_CORRUPT("npy, npz, number or gz file corrupt"),
    /** The original picture was smaller than the filter allows, or its size is not known. */
    TOO_SMALL("original picture too small"),
    /** The filter asks for the probability of a watermark and the json file has none. */
    NO_WATERMARK("no pwatermark in the json file"),
    /** A watermark is more probable than the filter allows. */
    WATERMARK("watermark too probable"),
    /** The picture is longer or higher than the filter allows. */
    ASPECT("sides too unequal"),
    /** The caption is shorter or longer than the filter allows. */
    CAPTION_LENGTH("caption too short or too long"),
    /** The caption is not what the filter's expressions ask for. */
    CAPTION_TEXT("caption excluded by its text");

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
    return printable(shard + ", sample " + key + ": " + reason.text() + " (" + detail + ")");
  }

  /** Keys and captions come from strangers and go to terminals: without control characters. */
  public static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                printable.append(String.format("\\u%04x", c));
              } else {
                printable.appendCodePoint(c);
              }
            });
    return printable.toString();
  }
}
