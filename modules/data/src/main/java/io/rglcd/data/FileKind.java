package io.rglcd.data;

import java.util.Set;

/**
 * What webdataset decodes a file of a sample to, by the last part of its name. What only Python can
 * read, such as pickles, is left as it is.
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
      Set.of(
          ("apng bmp dib gif icns ico im j2c j2k jfif jp2 jpc jpe jpeg jpf jpg jpx pbm pcx pgm png"
                  + " pnm ppm psd ras rgb rgba sgi tga tif tiff webp xbm xpm")
              .split(" "));
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
