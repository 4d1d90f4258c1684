package io.rglcd.data.shard;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits an entry's path into the sample's key and the field's name as webdataset's {@code
 * base_plus_ext} does: the key ends at the first dot of the file name and keeps its folders, the
 * field is all that follows, in lower case.
 *
 * @param key folders and name up to the first dot
 * @param field the rest after that dot, such as {@code jpg} or {@code seg.png}
 */
record SampleName(String key, String field) {

  /** The name may be empty below a folder without a dot: {@code a/.jpg} is of key {@code a/}. */
  private static final Pattern KEY_AND_FIELD =
      Pattern.compile("^((?:.*/|)[^.]+)[.]([^/]*)$", Pattern.UNIX_LINES);

  private static final Pattern META = Pattern.compile("__[^/]*__(?:/|$)", Pattern.UNIX_LINES);

  /** Empty for what belongs to no sample: no extension, dot files, {@code __meta__} files. */
  static Optional<SampleName> of(String path) {
    Matcher matcher = KEY_AND_FIELD.matcher(path);
    if (META.matcher(path).lookingAt() || !matcher.find()) {
      return Optional.empty();
    }
    return Optional.of(new SampleName(matcher.group(1), matcher.group(2).toLowerCase(Locale.ROOT)));
  }
}
