package io.rglcd.data.shard;

import java.util.Locale;
import java.util.Optional;

/**
 * Splits an entry's path into the sample's key and the field's name as webdataset's {@code
 * base_plus_ext} does: the key ends at the first dot of the file name and keeps its folders, the
 * field is all that follows, in lower case.
 *
 * @param key folders and name up to the first dot
 * @param field the rest after that dot, such as {@code jpg} or {@code seg.png}
 */
record SampleName(String key, String field) {

  /** Empty for what belongs to no sample: no extension, dot files, {@code __meta__} files. */
  static Optional<SampleName> of(String path) {
    int slash = path.lastIndexOf('/');
    int dot = path.indexOf('.', slash + 1);
    if (dot <= slash + 1 || isMeta(path)) {
      return Optional.empty();
    }
    String field = path.substring(dot + 1).toLowerCase(Locale.ROOT);
    return Optional.of(new SampleName(path.substring(0, dot), field));
  }

  private static boolean isMeta(String path) {
    int slash = path.indexOf('/');
    String top = slash < 0 ? path : path.substring(0, slash);
    return top.startsWith("__") && top.endsWith("__");
  }
}
