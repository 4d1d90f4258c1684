package io.rglcd.cli.report;

import io.rglcd.data.image.RgbImage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A captioned grid of pictures as PNG: a row a model, a column a prompt. */
public final class SampleGrid {

  private static final int MARGIN = 12;
  private static final int GAP = 6;
  private static final int CAPTION_WIDTH = 190;
  private static final int LINE = 15;
  private static final int HEADER_LINES = 3;
  private static final String DOTS = "...";
  private static final int TILE = 112;

  private SampleGrid() {}

  /**
   * One row.
   *
   * @param caption at its left
   * @param pictures one a column
   */
  public record Row(String caption, List<RgbImage> pictures) {

    /** Copies the list. */
    public Row {
      pictures = List.copyOf(pictures);
    }
  }

  /**
   * Writes the grid; small pictures are enlarged by a whole factor, pixels stay sharp.
   *
   * @param prompts captions of the columns, wrapped over three lines
   * @throws IllegalArgumentException if a row has not one picture a prompt
   * @throws OutputException if the file cannot be written
   */
  public static void write(Path file, List<String> prompts, List<Row> rows) {
    for (Row row : rows) {
      if (row.pictures().size() != prompts.size()) {
        throw new IllegalArgumentException(
            "row "
                + row.caption()
                + ": "
                + row.pictures().size()
                + " pictures (expected: one a prompt, "
                + prompts.size()
                + ")");
      }
    }
    int tile =
        rows.stream()
            .flatMap(row -> row.pictures().stream())
            .mapToInt(image -> Math.max(image.width(), image.height()) * factor(image))
            .max()
            .orElse(TILE);
    int header = MARGIN + HEADER_LINES * LINE + GAP;
    BufferedImage sheet =
        new BufferedImage(
            2 * MARGIN + CAPTION_WIDTH + prompts.size() * (tile + GAP),
            header + rows.size() * (tile + GAP) + MARGIN,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    try {
      paint(graphics, sheet, prompts, rows, tile, header);
    } finally {
      graphics.dispose();
    }
    Png.write(file, sheet);
  }

  private static void paint(
      Graphics2D graphics,
      BufferedImage sheet,
      List<String> prompts,
      List<Row> rows,
      int tile,
      int header) {
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    BitmapFont font = BitmapFont.get();
    int left = MARGIN + CAPTION_WIDTH;
    for (int column = 0; column < prompts.size(); column++) {
      List<String> lines = header(font, prompts.get(column), tile);
      for (int line = 0; line < lines.size(); line++) {
        font.draw(
            sheet,
            lines.get(line),
            left + column * (tile + GAP),
            header - GAP - (lines.size() - line) * LINE);
      }
    }
    for (int index = 0; index < rows.size(); index++) {
      int top = header + index * (tile + GAP);
      List<String> lines = wrap(font, rows.get(index).caption(), CAPTION_WIDTH - GAP);
      for (int line = 0; line < lines.size(); line++) {
        int first = top + (tile - lines.size() * LINE) / 2;
        font.draw(sheet, lines.get(line), MARGIN, first + line * LINE);
      }
      for (int column = 0; column < prompts.size(); column++) {
        RgbImage image = rows.get(index).pictures().get(column);
        graphics.drawImage(
            Png.image(image),
            left + column * (tile + GAP),
            top,
            image.width() * factor(image),
            image.height() * factor(image),
            null);
      }
    }
  }

  private static int factor(RgbImage image) {
    return Math.max(1, TILE / Math.max(image.width(), image.height()));
  }

  /** At most three lines that fit; dots show where something is missing. */
  static List<String> header(BitmapFont font, String prompt, int width) {
    List<String> all = wrap(font, prompt, width);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < Math.min(HEADER_LINES, all.size()); i++) {
      boolean cut = i == HEADER_LINES - 1 && all.size() > HEADER_LINES;
      lines.add(cut ? fit(font, all.get(i) + DOTS, width) : fit(font, all.get(i), width));
    }
    return lines;
  }

  private static String fit(BitmapFont font, String text, int width) {
    String kept = text.endsWith(DOTS) ? text.substring(0, text.length() - DOTS.length()) : text;
    String shown = text;
    while (font.width(shown) > width && !kept.isEmpty()) {
      kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1)).stripTrailing();
      shown = kept + DOTS;
    }
    return shown;
  }

  private static List<String> wrap(BitmapFont font, String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && font.width(longer) > width) {
        lines.add(line.toString());
        line.setLength(0);
        line.append(word);
      } else {
        line.setLength(0);
        line.append(longer);
      }
    }
    lines.add(line.toString());
    return lines;
  }
}
