package io.rglcd.data;

import java.util.Set;

/**
 * What webdataset decodes a file of a sample to, by the last part of its name. What is not read
 * here, such as pickles and further picture formats, is left as it is.
 */
enum FileKind {
  PICTURE,
  TEXT,
  INTEGER,
  JSON,
  NPY,
  NPZ,
  BYTES;

  private static final Set<String> PICTURES =
      Set.of("apng", "jfif", "jpe", "jpeg", "jpg", "png", "webp");
  private static final Set<String> TEXTS = Set.of("txt", "text", "transcript");
  private static final Set<String> INTEGERS = Set.of("cls", "cls2", "index", "inx", "id");
  private static final Set<String> JSONS = Set.of("json", "jsn");

  /**
   * The kind of a file.
   *
   * @param field all extensions of its name, such as {@code seg.png}
   */
  static FileKind of(String field) {
    String extension = field.substring(field.lastIndexOf('.') + 1);
    if (PICTURES.contains(extension)) {
      return PICTURE;
    }
    if (TEXTS.contains(extension)) {
      return TEXT;
    }
    if (INTEGERS.contains(extension)) {
      return INTEGER;
    }
    if (JSONS.contains(extension)) {
      return JSON;
    }
    return switch (extension) {
      case "npy" -> NPY;
      case "npz" -> NPZ;
      default -> BYTES;
    };
  }
}
