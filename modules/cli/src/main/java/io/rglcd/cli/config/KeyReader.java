package io.rglcd.cli.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads values, remembers which keys were read, and turns a wrong type into a sentence. */
final class KeyReader {

  private final Config config;
  private final Set<String> read = new TreeSet<>();

  KeyReader(Config config) {
    this.config = config;
  }

  String text(String key) {
    return value(key, "a text", config::getString);
  }

  List<String> texts(String key) {
    return value(key, "a list of texts", config::getStringList);
  }

  int integer(String key) {
    return value(key, "an integer", k -> Math.toIntExact(whole(k)));
  }

  long longInteger(String key) {
    return value(key, "an integer", this::whole);
  }

  double number(String key) {
    double number = value(key, "a number", config::getDouble);
    ConfigurationException.require(Double.isFinite(number), key, number, "a finite number");
    return number;
  }

  boolean flag(String key) {
    return value(key, "true or false", config::getBoolean);
  }

  /** The keys read so far, sorted. */
  Set<String> keysRead() {
    return new TreeSet<>(read);
  }

  private long whole(String key) {
    double number = config.getDouble(key);
    long whole = config.getLong(key);
    if (number != whole) {
      throw new ArithmeticException(key + " has a fraction");
    }
    return whole;
  }

  private <T> T value(String key, String expected, Function<String, T> get) {
    read.add(key);
    try {
      return get.apply(key);
    } catch (ConfigException | ArithmeticException e) {
      throw new ConfigurationException(
          key
              + ": "
              + (config.hasPath(key) ? config.getValue(key).render() : "null")
              + " (expected: "
              + expected
              + ")"
              + (config.hasPath(key) ? place(config.getValue(key).origin()) : ""),
          e);
    }
  }

  /** Where a value stands, as the end of a sentence. */
  static String place(ConfigOrigin origin) {
    String file = origin.filename() != null ? origin.filename() : origin.resource();
    if (file == null) {
      return "";
    }
    return " in " + file + (origin.lineNumber() > 0 ? " line " + origin.lineNumber() : "");
  }
}
