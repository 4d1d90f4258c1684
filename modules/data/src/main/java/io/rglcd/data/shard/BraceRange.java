package io.rglcd.data.shard;

import io.rglcd.data.DataException;
import java.util.ArrayList;
import java.util.List;

/**
 * Expands braces in shard names as shells do: {@code train-{00000..00003}.tar}, {@code {a,b}.tar},
 * nested and combined. The width of a zero-padded bound is kept; ranges may have a step, {@code
 * {0..10..2}}, or be of letters, {@code {a..c}}.
 */
public final class BraceRange {

  /** More names than this are taken for a slip of the pen. */
  static final int MAX_NAMES = 1_000_000;

  private BraceRange() {}

  /**
   * All names that a pattern stands for, in the order written; a text without braces is itself.
   *
   * @throws DataException where a brace is not closed, a range is not of numbers or the result is
   *     longer than a million names
   */
  public static List<String> expand(String pattern) {
    int open = pattern.indexOf('{');
    if (open < 0) {
      if (pattern.indexOf('}') >= 0) {
        throw new DataException("shards: " + pattern + " (expected: a '{' before the '}')");
      }
      return List.of(pattern);
    }
    int close = matching(pattern, open);
    List<String> tails = expand(pattern.substring(close + 1));
    List<String> names = new ArrayList<>();
    for (String middle : alternatives(pattern, pattern.substring(open + 1, close))) {
      for (String tail : tails) {
        names.add(pattern.substring(0, open) + middle + tail);
      }
      requireFew(pattern, names.size());
    }
    return names;
  }

  private static int matching(String pattern, int open) {
    int depth = 0;
    for (int i = open; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i;
      }
    }
    throw new DataException("shards: " + pattern + " (expected: a '}' for every '{')");
  }

  private static List<String> alternatives(String pattern, String body) {
    List<String> parts = topLevelParts(body);
    if (parts.size() > 1) {
      List<String> all = new ArrayList<>();
      for (String part : parts) {
        all.addAll(expand(part));
      }
      return all;
    }
    int dots = body.indexOf("..");
    if (dots < 0) {
      throw malformed(pattern, body);
    }
    return range(pattern, body, body.substring(0, dots), body.substring(dots + 2));
  }

  private static List<String> topLevelParts(String body) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(body.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(body.substring(start));
    return parts;
  }

  private static List<String> range(String pattern, String body, String first, String rest) {
    int dots = rest.indexOf("..");
    String last = dots < 0 ? rest : rest.substring(0, dots);
    long step = dots < 0 ? 1 : number(pattern, body, rest.substring(dots + 2));
    if (step < 1) {
      throw malformed(pattern, body);
    }
    if (isLetter(first) && isLetter(last)) {
      return numbers(pattern, first.charAt(0), last.charAt(0), step).stream()
          .map(code -> Character.toString(code.intValue()))
          .toList();
    }
    boolean padded = isPadded(first) || isPadded(last);
    int width = padded ? Math.max(first.length(), last.length()) : 1;
    long from = number(pattern, body, first);
    return numbers(pattern, from, number(pattern, body, last), step).stream()
        .map(number -> "0".repeat(Math.max(0, width - number.toString().length())) + number)
        .toList();
  }

  private static List<Long> numbers(String pattern, long from, long to, long step) {
    long more = Math.abs(to - from) / step;
    requireFew(pattern, more);
    List<Long> numbers = new ArrayList<>();
    for (long i = 0; i <= more; i++) {
      numbers.add(from <= to ? from + i * step : from - i * step);
    }
    return numbers;
  }

  private static long number(String pattern, String body, String digits) {
    if (!digits.matches("\\d{1,18}")) {
      throw malformed(pattern, body);
    }
    return Long.parseLong(digits);
  }

  private static boolean isLetter(String bound) {
    return bound.length() == 1
        && (bound.charAt(0) | 0x20) >= 'a'
        && (bound.charAt(0) | 0x20) <= 'z';
  }

  private static boolean isPadded(String bound) {
    return bound.length() > 1 && bound.startsWith("0");
  }

  private static void requireFew(String pattern, long count) {
    if (count > MAX_NAMES) {
      throw new DataException(
          "shards: " + pattern + " stands for more than " + MAX_NAMES + " names (expected: fewer)");
    }
  }

  private static DataException malformed(String pattern, String body) {
    return new DataException(
        "shards: {" + body + "} in " + pattern + " (expected: {00000..00003} or {a,b})");
  }
}
