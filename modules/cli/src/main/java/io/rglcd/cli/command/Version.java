package io.rglcd.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine.IVersionProvider;

/** The version of the program and of what it runs on. */
public final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return versions().entrySet().stream()
        .sorted(Comparator.comparing(entry -> !entry.getKey().equals("rglcd")))
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .toArray(String[]::new);
  }

  /** Name to version: rglcd, djl, pytorch, java, os. */
  public static Map<String, String> versions() {
    Properties build = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/rglcd-version.properties")) {
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("rglcd-version.properties cannot be read", e);
    }
    Map<String, String> versions = new TreeMap<>();
    build.stringPropertyNames().forEach(name -> versions.put(name, build.getProperty(name)));
    versions.put("java", System.getProperty("java.version"));
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return versions;
  }
}
