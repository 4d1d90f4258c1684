package io.rglcd.data.pack;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A picture that is to be a sample.
 *
 * @param name what reports call it
 * @param picture its file
 * @param bytes of that file; 0 if there is none
 * @param caption its text, or the file that holds it
 * @param metadata json file that comes along, if any
 */
public record PackItem(
    String name, Path picture, long bytes, Caption caption, Optional<Path> metadata) {

  /** Where a caption comes from. */
  public sealed interface Caption {

    /** The text itself. */
    record Text(String text) implements Caption {}

    /** A file of UTF-8 text, which may be missing. */
    record File(Path path) implements Caption {}
  }
}
