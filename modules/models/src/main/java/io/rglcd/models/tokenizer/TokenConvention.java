package io.rglcd.models.tokenizer;

/**
 * How a family of models cleans text and pads ids. The merges are the same in all of them; what is
 * done to the text before and to the row after differs.
 *
 * <ul>
 *   <li>{@link #SD1X}: transformers' {@code CLIPTokenizer} without ftfy; padded with the end token.
 *   <li>{@link #SD2X}: the same, padded with the token {@code !} (id 0). The pad token is a special
 *       token there, so that every {@code !} written in a prompt becomes that id too.
 *   <li>{@link #OPEN_CLIP}: open_clip's {@code SimpleTokenizer} with {@code clean='lower'} and
 *       without ftfy; padded with 0.
 * </ul>
 */
public enum TokenConvention {
  /** Stable Diffusion 1.x. */
  SD1X,
  /** Stable Diffusion 2.x. */
  SD2X,
  /** open_clip, used by its reward models. */
  OPEN_CLIP
}
