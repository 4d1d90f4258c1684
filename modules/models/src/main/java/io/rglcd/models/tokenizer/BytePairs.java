package io.rglcd.models.tokenizer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.models.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Byte pair encoding of single words, on ids instead of strings: a merge is a pair of ids, its rank
 * and the id of the result.
 */
final class BytePairs {

  private static final String END_OF_WORD = "</w>";

  /** transformers reads so many merges (49152 - 256 - 2) and no more. */
  private static final int MAX_MERGES = 48894;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private record Merge(int rank, int result) {}

  private final Map<String, Integer> vocabulary;
  private final Map<Long, Merge> merges;
  private final int[] innerBytes = new int[256];
  private final int[] lastBytes = new int[256];

  private BytePairs(Map<String, Integer> vocabulary, Map<Long, Merge> merges) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    int others = 0;
    for (int value = 0; value < 256; value++) {
      char symbol = (char) (isVisible(value) ? value : 256 + others++);
      innerBytes[value] = required(vocabulary, String.valueOf(symbol), "vocab.json");
      lastBytes[value] = required(vocabulary, symbol + END_OF_WORD, "vocab.json");
    }
  }

  /**
   * Reads both files.
   *
   * @param vocabularyFile vocab.json: token to id
   * @param mergesFile merges.txt: a version line, then two tokens a line, best first
   * @throws ModelException naming the file and what is wrong in it
   */
  static BytePairs read(Path vocabularyFile, Path mergesFile) {
    try {
      Map<String, Integer> vocabulary =
          MAPPER.readValue(vocabularyFile.toFile(), new TypeReference<>() {});
      List<String> lines = Files.readAllLines(mergesFile, StandardCharsets.UTF_8);
      return new BytePairs(vocabulary, merges(vocabulary, lines, mergesFile));
    } catch (IOException e) {
      throw new ModelException(
          "tokenizer files unreadable: " + e.getMessage() + " (expected: vocab.json, merges.txt)",
          e);
    }
  }

  private static Map<Long, Merge> merges(
      Map<String, Integer> vocabulary, List<String> lines, Path file) {
    Map<Long, Merge> merges = new HashMap<>();
    int rank = 0;
    for (String line : lines) {
      if (line.isBlank() || (rank == 0 && line.startsWith("#version")) || rank == MAX_MERGES) {
        continue;
      }
      int space = line.indexOf(' ');
      if (space < 1 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
        throw new ModelException(
            "merge in " + file + ": '" + line + "' (expected: two tokens with one space between)");
      }
      String left = line.substring(0, space);
      String right = line.substring(space + 1);
      String where = file + ", line '" + line + "'";
      merges.putIfAbsent(
          pair(required(vocabulary, left, where), required(vocabulary, right, where)),
          new Merge(rank++, required(vocabulary, left + right, where)));
    }
    return merges;
  }

  private static int required(Map<String, Integer> vocabulary, String token, String where) {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new ModelException(
          "token '" + token + "' of " + where + " is missing from vocab.json (expected: an id)");
    }
    return id;
  }

  /** Bytes that stand for themselves in vocab.json; the others are written from U+0100 on. */
  private static boolean isVisible(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }

  private static long pair(int left, int right) {
    return ((long) left << 32) | right;
  }

  /**
   * The id of a whole token.
   *
   * @throws ModelException if vocab.json does not have it
   */
  int id(String token) {
    return required(vocabulary, token, "the special tokens");
  }

  /** The ids of one word, which the pattern found and which has at least one character. */
  List<Long> encode(String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      ids[i] = (i == bytes.length - 1 ? lastBytes : innerBytes)[bytes[i] & 0xFF];
    }
    int length = ids.length;
    for (long best = best(ids, length); best >= 0; best = best(ids, length)) {
      length = merge(ids, length, best);
    }
    List<Long> result = new ArrayList<>(length);
    Arrays.stream(ids, 0, length).forEach(id -> result.add((long) id));
    return result;
  }

  private long best(int[] ids, int length) {
    long best = -1;
    int bestRank = Integer.MAX_VALUE;
    for (int i = 0; i + 1 < length; i++) {
      long pair = pair(ids[i], ids[i + 1]);
      Merge merge = merges.get(pair);
      if (merge != null && merge.rank() < bestRank) {
        bestRank = merge.rank();
        best = pair;
      }
    }
    return best;
  }

  private int merge(int[] ids, int length, long pair) {
    int result = merges.get(pair).result();
    int to = 0;
    for (int from = 0; from < length; from++) {
      if (from + 1 < length && pair(ids[from], ids[from + 1]) == pair) {
        ids[to++] = result;
        from++;
      } else {
        ids[to++] = ids[from];
      }
    }
    return to;
  }
}
