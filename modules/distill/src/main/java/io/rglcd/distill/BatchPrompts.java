package io.rglcd.distill;

import io.rglcd.models.tokenizer.ClipTokenizer;
import java.util.List;

/** What the networks know of the captions of a micro-batch: their tokens, or their text states. */
public sealed interface BatchPrompts {

  /** Values of all captions. */
  int length();

  /** Values of one caption. */
  int promptSize();

  /**
   * Captions to be encoded.
   *
   * @param ids [B,T] int64, row-major; not to be changed
   * @param contextLength T
   */
  record Tokens(long[] ids, int contextLength) implements BatchPrompts {

    /** The tokens of captions. */
    public static Tokens of(ClipTokenizer tokenizer, List<String> captions) {
      return new Tokens(tokenizer.encodeAll(captions), tokenizer.contextLength());
    }

    @Override
    public int length() {
      return ids.length;
    }

    @Override
    public int promptSize() {
      return contextLength;
    }
  }

  /**
   * Captions that were encoded before.
   *
   * @param values [B,T,D] float32, row-major; not to be changed. Those of empty captions are not
   *     looked at: their states are those of the empty prompt
   * @param tokens T
   * @param width D
   */
  record Embeds(float[] values, int tokens, int width) implements BatchPrompts {

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public int promptSize() {
      return tokens * width;
    }
  }
}
