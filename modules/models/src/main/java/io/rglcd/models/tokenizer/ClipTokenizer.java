package io.rglcd.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.models.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * CLIP's byte pair tokenizer, from a directory with vocab.json and merges.txt.
 *
 * <p>Gives the ids of transformers' {@code CLIPTokenizer} (slow) and of open_clip's {@code
 * SimpleTokenizer}, each on a machine without ftfy. Written here because DJL's wrapper of the
 * HuggingFace tokenizers needs a tokenizer.json, which Stable Diffusion checkpoints do not have,
 * and its CLIP normaliser has neither of the two cleanings, nor open_clip's special tokens.
 *
 * <p>The original pattern: special tokens, {@code 's 't 're 've 'm 'll 'd}, runs of letters, single
 * numbers, runs of anything else that is not white space; case-insensitive.
 *
 * <p>Immutable and safe to use from several threads.
 */
public final class ClipTokenizer {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String BOS = "<|startoftext|>";
  private static final String EOS = "<|endoftext|>";
  private static final String SD2X_PAD = "!";
  private static final int USUAL_LENGTH = 77;

  /** transformers writes a huge number where a tokenizer has no limit. */
  private static final long NO_LIMIT = 1_000_000;

  private final BytePairs pairs;
  private final int contextLength;
  private final TokenConvention convention;
  private final Map<String, Long> special;
  private final Pattern specialPattern;
  private final Pattern wordPattern;
  private final long bos;
  private final long eos;
  private final long pad;

  private ClipTokenizer(BytePairs pairs, int contextLength, TokenConvention convention) {
    this.pairs = pairs;
    this.contextLength = contextLength;
    this.convention = convention;
    this.bos = pairs.id(BOS);
    this.eos = pairs.id(EOS);
    this.special = new LinkedHashMap<>();
    boolean openClip = convention == TokenConvention.OPEN_CLIP;
    special.put(openClip ? "<start_of_text>" : BOS, bos);
    special.put(openClip ? "<end_of_text>" : EOS, eos);
    this.wordPattern =
        Pattern.compile(
            alternatives(special) + "|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
    if (convention == TokenConvention.SD2X) {
      this.pad = pairs.id(SD2X_PAD);
      special.put(SD2X_PAD, pad);
    } else {
      this.pad = openClip ? 0 : eos;
    }
    this.specialPattern = Pattern.compile(alternatives(special));
  }

  private static String alternatives(Map<String, Long> tokens) {
    return tokens.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
  }

  /**
   * Reads vocab.json and merges.txt, and, where they are, the pad token (special_tokens_map.json,
   * else tokenizer_config.json) and model_max_length (tokenizer_config.json; else 77). A pad token
   * {@code !} means {@link TokenConvention#SD2X}, the end token or none {@link
   * TokenConvention#SD1X}.
   *
   * @param tokenizerDirectory the directory {@code tokenizer} of a diffusers checkpoint
   * @throws ModelException naming a file that is missing or broken, or a value not supported
   */
  public static ClipTokenizer load(Path tokenizerDirectory) {
    BytePairs pairs =
        BytePairs.read(
            present(tokenizerDirectory.resolve("vocab.json")),
            present(tokenizerDirectory.resolve("merges.txt")));
    Path configFile = tokenizerDirectory.resolve("tokenizer_config.json");
    JsonNode config = readIfPresent(configFile);
    JsonNode map = readIfPresent(tokenizerDirectory.resolve("special_tokens_map.json"));
    String pad = content(map.has("pad_token") ? map.path("pad_token") : config.path("pad_token"));
    return new ClipTokenizer(pairs, maxLength(config, configFile), convention(pad));
  }

  private static Path present(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException("tokenizer file missing: " + file);
    }
    return file;
  }

  private static JsonNode readIfPresent(Path file) {
    try {
      return Files.isRegularFile(file) ? MAPPER.readTree(file.toFile()) : MAPPER.createObjectNode();
    } catch (IOException e) {
      throw new ModelException(file + " is not readable as JSON: " + e.getMessage(), e);
    }
  }

  /** A token is written as a string or as an object with its content. */
  private static String content(JsonNode token) {
    return token.isObject() ? token.path("content").asText("") : token.asText("");
  }

  private static TokenConvention convention(String pad) {
    if (pad.equals(SD2X_PAD)) {
      return TokenConvention.SD2X;
    }
    if (pad.isEmpty() || pad.equals("null") || pad.equals(EOS)) {
      return TokenConvention.SD1X;
    }
    throw new ModelException("pad_token: '" + pad + "' (expected: " + EOS + " or !)");
  }

  private static int maxLength(JsonNode config, Path file) {
    JsonNode length = config.path("model_max_length");
    if (length.isMissingNode() || length.isNull() || length.asDouble() > NO_LIMIT) {
      return USUAL_LENGTH;
    }
    return checkedLength(length.asInt(), "model_max_length of " + file);
  }

  private static int checkedLength(int length, String name) {
    if (length < 2) {
      throw new ModelException(name + ": " + length + " (expected: >= 2)");
    }
    return length;
  }

  /** The same vocabulary under another convention. */
  public ClipTokenizer withConvention(TokenConvention other) {
    return new ClipTokenizer(pairs, contextLength, other);
  }

  /**
   * The same vocabulary for another context length.
   *
   * @throws ModelException if it leaves no room for start and end
   */
  public ClipTokenizer withContextLength(int length) {
    return new ClipTokenizer(pairs, checkedLength(length, "context length"), convention);
  }

  /**
   * The ids of a text: start, text, end, padding. Of a longer text the end is cut off and the last
   * id is the end token.
   *
   * @param text anything
   * @return [L]
   */
  public long[] encode(String text) {
    long[] row = new long[contextLength];
    Arrays.fill(row, pad);
    long[] ids = tokens(text);
    System.arraycopy(ids, 0, row, 0, ids.length);
    return row;
  }

  /**
   * {@link #encode} of several texts, row after row.
   *
   * @return [texts * L]
   */
  public long[] encodeAll(List<String> texts) {
    return texts.stream().flatMapToLong(text -> Arrays.stream(encode(text))).toArray();
  }

  /** The ids without padding, at most L of them: start, text, end. */
  public long[] tokens(String text) {
    List<Long> ids = untruncated(text);
    int length = Math.min(ids.size(), contextLength);
    long[] row = ids.stream().limit(length).mapToLong(Long::longValue).toArray();
    row[length - 1] = eos;
    return row;
  }

  /** How many ids the whole text has with start and end; more than L means that it is cut. */
  public int countTokens(String text) {
    return untruncated(text).size();
  }

  private List<Long> untruncated(String text) {
    List<Long> ids = new ArrayList<>();
    ids.add(bos);
    if (convention == TokenConvention.OPEN_CLIP) {
      encodeWords(TextCleaning.openClip(text), ids);
    } else {
      encodeBetweenSpecials(text, ids);
    }
    ids.add(eos);
    return ids;
  }

  /** transformers looks for special tokens before it cleans the pieces between them. */
  private void encodeBetweenSpecials(String text, List<Long> ids) {
    Matcher found = specialPattern.matcher(text);
    int from = 0;
    while (found.find()) {
      encodeWords(TextCleaning.huggingFace(text.substring(from, found.start())), ids);
      ids.add(special.get(found.group()));
      from = found.end();
    }
    encodeWords(TextCleaning.huggingFace(text.substring(from)), ids);
  }

  private void encodeWords(String cleaned, List<Long> ids) {
    Matcher words = wordPattern.matcher(cleaned);
    while (words.find()) {
      Long id = special.get(words.group());
      if (id != null) {
        ids.add(id);
      } else {
        ids.addAll(pairs.encode(words.group()));
      }
    }
  }

  /** L: the length of every row of {@link #encode}. */
  public int contextLength() {
    return contextLength;
  }

  /** The convention in force. */
  public TokenConvention convention() {
    return convention;
  }

  /** The id that starts every row. */
  public long bosId() {
    return bos;
  }

  /** The id that ends every text. */
  public long eosId() {
    return eos;
  }

  /** The id that fills the row after the end. */
  public long padId() {
    return pad;
  }
}
