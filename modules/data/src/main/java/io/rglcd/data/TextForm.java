package io.rglcd.data;

import java.util.List;

/**
 * What the text states of a caption are: [T,D], a state of the text encoder for each token.
 *
 * @param tokens T
 * @param width D
 */
public record TextForm(int tokens, int width) {

  /** Checks the dimensions. */
  public TextForm {
    if (tokens < 1 || width < 1) {
      throw new DataException(
          "text states of shape " + List.of(tokens, width) + " (expected: [T, D])");
    }
  }

  /** The shape of a sample's file, as NumPy gives it: its captions' states in their order. */
  public List<Integer> shape(int captions) {
    return List.of(captions, tokens, width);
  }

  /** Values of a caption. */
  public int size() {
    return Math.multiplyExact(tokens, width);
  }
}
