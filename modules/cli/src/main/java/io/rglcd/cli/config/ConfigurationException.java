package io.rglcd.cli.config;

/** A configuration cannot be used; the message names key, value and what is expected. */
public final class ConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the sentence for the user. */
  public ConfigurationException(String message) {
    super(message);
  }

  /** With the sentence for the user and its cause. */
  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }

  static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new ConfigurationException(key + ": " + value + " (expected: " + expected + ")");
    }
  }
}
