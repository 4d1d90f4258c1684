package io.rglcd.models.tokenizer;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jsoup.parser.Parser;

/**
 * What the originals do to a text before they look for words, on a machine without ftfy.
 *
 * <p>White space is Python's: Unicode's {@code White_Space}, and for {@code str.strip} and {@code
 * str.split} also U+001C to U+001F.
 */
final class TextCleaning {

  private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern SPLITTING_SPACES =
      Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);

  private TextCleaning() {}

  /**
   * open_clip's {@code basic_clean}, {@code whitespace_clean} and {@code lower}: HTML entities are
   * resolved twice, as there. They are HTML 5's, by jsoup; a number that is no character becomes
   * U+FFFD where Python drops it.
   */
  static String openClip(String text) {
    String unescaped = Parser.unescapeEntities(Parser.unescapeEntities(text, false), false);
    String single = SPACES.matcher(strip(unescaped)).replaceAll(" ");
    return strip(single).toLowerCase(Locale.ROOT);
  }

  /**
   * The {@code BasicTokenizer} of transformers as {@code CLIPTokenizer} sets it up: control
   * characters go, CJK ideographs stand alone, NFC, single spaces, lower case.
   */
  static String huggingFace(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    text.codePoints().forEach(c -> appendCleaned(kept, c));
    String composed = Normalizer.normalize(kept, Normalizer.Form.NFC);
    return strip(SPLITTING_SPACES.matcher(composed).replaceAll(" ")).toLowerCase(Locale.ROOT);
  }

  private static void appendCleaned(StringBuilder kept, int c) {
    int type = Character.getType(c);
    if (c == '\t' || c == '\n' || c == '\r' || type == Character.SPACE_SEPARATOR) {
      kept.append(' ');
    } else if (isIdeograph(c)) {
      kept.append(' ').appendCodePoint(c).append(' ');
    } else if (c != 0xFFFD && !isControl(type)) {
      kept.appendCodePoint(c);
    }
  }

  private static boolean isControl(int type) {
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.PRIVATE_USE
        || type == Character.UNASSIGNED;
  }

  /** The blocks that {@code BasicTokenizer._is_chinese_char} names. */
  private static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B820 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  private static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isSpace(char c) {
    return (c >= '\t' && c <= '\r')
        || (c >= 0x1C && c <= ' ')
        || c == 0x85
        || Character.isSpaceChar(c);
  }
}
