package io.rglcd.data.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The pictures of a folder whose names are nine digits, as img2dataset writes them. */
record PictureNumbers(Path folder, Map<Long, Path> pictures) {

  static PictureNumbers of(Path folder) throws IOException {
    Map<Long, Path> pictures = new HashMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files.filter(PackItems::isPicture).forEach(file -> put(pictures, file));
    }
    return new PictureNumbers(folder, pictures);
  }

  private static void put(Map<Long, Path> pictures, Path file) {
    String name = file.getFileName().toString();
    if (name.matches("\\d{9}\\..*")) {
      pictures.put(Long.parseLong(name.substring(0, 9)), file);
    }
  }

  /** The picture of a line; one that does not exist where it was not downloaded. */
  Path find(long line) {
    return pictures.getOrDefault(line, folder.resolve(String.format("%09d.jpg", line)));
  }
}
