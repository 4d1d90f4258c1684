package io.rglcd.data.pack;

import io.rglcd.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds pictures and their captions. */
public final class PackItems {

  private static final List<String> PICTURES = List.of("jpg", "jpeg", "png", "webp");

  private PackItems() {}

  /**
   * The pictures of a folder and all below it by name, each with the txt and json file of the same
   * name beside it.
   *
   * @throws DataException if the folder cannot be read or has no picture
   */
  public static List<PackItem> ofFolder(Path folder) {
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      List<PackItem> items =
          files
              .filter(file -> PICTURES.contains(extension(file)) && Files.isRegularFile(file))
              .sorted((a, b) -> name(folder, a).compareTo(name(folder, b)))
              .map(file -> beside(folder, file))
              .toList();
      if (items.isEmpty()) {
        throw new DataException(
            "folder " + folder + " has no picture (expected: files ending in .jpg, .png or .webp)");
      }
      return items;
    } catch (IOException | UncheckedIOException e) {
      throw new DataException("folder " + folder + " cannot be read: " + e, e);
    }
  }

  /**
   * The lines of a table as CC12M's: an address and a caption, separated by a tab. A picture lies
   * where img2dataset puts it, in any folder below by the number of its line in nine digits, or
   * where the first column says if that is no address.
   *
   * @param images folder of the pictures
   * @throws DataException if the table or the folder cannot be read, or a line has no tab
   */
  public static List<PackItem> ofTable(Path table, Path images) {
    List<PackItem> items = new ArrayList<>();
    try (Stream<String> lines = Files.lines(table, StandardCharsets.UTF_8)) {
      PictureNumbers numbers = PictureNumbers.of(images);
      for (String line : (Iterable<String>) lines::iterator) {
        int tab = line.indexOf('\t');
        if (tab < 0) {
          throw new DataException(
              "table " + table + ", line " + (items.size() + 1) + " (expected: a tab)");
        }
        String first = line.substring(0, tab);
        Path picture = first.contains("://") ? numbers.find(items.size()) : images.resolve(first);
        PackItem.Caption caption = new PackItem.Caption.Text(line.substring(tab + 1));
        items.add(new PackItem(first, picture, size(picture), caption, Optional.empty()));
      }
    } catch (IOException | UncheckedIOException e) {
      throw new DataException("table " + table + " cannot be read: " + e, e);
    }
    if (items.isEmpty()) {
      throw new DataException("table " + table + " is empty");
    }
    return items;
  }

  static boolean isPicture(Path file) {
    return PICTURES.contains(extension(file));
  }

  /** In lower case; empty if there is none. */
  static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static PackItem beside(Path folder, Path picture) {
    String name = picture.getFileName().toString();
    String stem = name.substring(0, name.lastIndexOf('.'));
    Path json = picture.resolveSibling(stem + ".json");
    return new PackItem(
        name(folder, picture),
        picture,
        size(picture),
        new PackItem.Caption.File(picture.resolveSibling(stem + ".txt")),
        Files.isRegularFile(json) ? Optional.of(json) : Optional.empty());
  }

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static long size(Path file) {
    return file.toFile().length();
  }
}
