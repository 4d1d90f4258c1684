package io.rglcd.data.source;

import io.rglcd.data.DataException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tokens for servers that ask for one. They are not part of what is printed.
 *
 * @param general for any host that a shard is named by; empty for none
 * @param huggingFace for {@code https://huggingface.co} where there is no general one; or empty
 */
public record BearerTokens(String general, String huggingFace) {

  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]*");

  /** No token. */
  public static final BearerTokens NONE = new BearerTokens("", "");

  /** Variable of the environment that holds a general token. */
  public static final String VARIABLE = "RGLCD_DATA_TOKEN";

  /** Variable in which Hugging Face's own tools look for a token. */
  public static final String HUGGING_FACE_VARIABLE = "HF_TOKEN";

  /** Refuses what is no token. */
  public BearerTokens {
    if (!TOKEN.matcher(general).matches() || !TOKEN.matcher(huggingFace).matches()) {
      throw new DataException("a token has characters that no token has (expected: one word)");
    }
  }

  /**
   * The tokens of a user.
   *
   * @param file that holds the general one; empty to look into the environment
   * @throws DataException naming a file that cannot be read
   */
  public static BearerTokens find(String file, Map<String, String> environment) {
    String general = file.isEmpty() ? environment.getOrDefault(VARIABLE, "") : content(file);
    String huggingFace = environment.getOrDefault(HUGGING_FACE_VARIABLE, "");
    return new BearerTokens(general.strip(), huggingFace.strip());
  }

  /** The token for an address; empty for none. */
  String of(URI address) {
    boolean hub =
        "https".equalsIgnoreCase(address.getScheme())
            && "huggingface.co".equalsIgnoreCase(address.getHost());
    return general.isEmpty() && hub ? huggingFace : general;
  }

  private static String content(String file) {
    try {
      String token = Files.readString(Path.of(file)).strip();
      if (token.isEmpty()) {
        throw new DataException("token file " + file + " is empty (expected: a token)");
      }
      return token;
    } catch (IOException | RuntimeException e) {
      if (e instanceof DataException known) {
        throw known;
      }
      throw new DataException("token file " + file + " cannot be read", e);
    }
  }

  @Override
  public String toString() {
    return "BearerTokens";
  }
}
