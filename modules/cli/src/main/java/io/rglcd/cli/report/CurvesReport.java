package io.rglcd.cli.report;

import static java.util.stream.Collectors.joining;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Objective, losses, reward, gradient norm and rate over steps as one self-contained HTML page with
 * inline SVG.
 */
public final class CurvesReport {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 260;
  private static final int LEFT = 70;
  private static final int BOTTOM = 30;
  private static final int TOP = 12;

  private record Curve(String title, ToDoubleFunction<StepPoint> value, String colour) {}

  private static final List<Curve> CURVES =
      List.of(
          new Curve("Objective: consistency loss minus scaled reward", StepPoint::loss, "#444444"),
          new Curve("Consistency loss", StepPoint::distill, "#1f5fa8"),
          new Curve("Reward", StepPoint::reward, "#b3541e"),
          new Curve("Gradient norm before clipping", StepPoint::gradNorm, "#4a7a2c"),
          new Curve("Learning rate", StepPoint::learningRate, "#7a4a8c"));

  private CurvesReport() {}

  /**
   * Writes the page.
   *
   * @param title shown on top
   * @param samples file name of the sample grid beside it, shown below
   * @param points steps in order
   * @throws OutputException if the file cannot be written
   */
  public static void write(Path file, String title, String samples, List<StepPoint> points) {
    String page =
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
        <style>body{font:15px/1.5 sans-serif;max-width:960px;margin:2em auto;padding:0 1em;color:#222}
        svg{width:100%%;height:auto}img{max-width:100%%}</style></head>
        <body><h1>%1$s</h1>
        %2$s
        <h2>Samples</h2>
        <img src="%3$s" alt="sample grid">
        </body></html>
        """
            .formatted(
                escape(title),
                CURVES.stream().map(curve -> section(curve, points)).collect(joining("\n")),
                escape(samples));
    OutputDirectory.write(file, page.getBytes(StandardCharsets.UTF_8));
  }

  private static String section(Curve curve, List<StepPoint> points) {
    return "<h2>" + curve.title() + "</h2>\n" + plot(points, curve.value(), curve.colour());
  }

  private static String plot(
      List<StepPoint> all, ToDoubleFunction<StepPoint> value, String colour) {
    List<StepPoint> points =
        all.stream().filter(point -> Double.isFinite(value.applyAsDouble(point))).toList();
    if (points.isEmpty()) {
      return "<p>Not measured.</p>";
    }
    double low = points.stream().mapToDouble(value).min().orElseThrow();
    double high = points.stream().mapToDouble(value).max().orElseThrow();
    double first = (double) points.get(0).step();
    double last = (double) points.get(points.size() - 1).step();
    StringBuilder line = new StringBuilder();
    for (StepPoint point : points) {
      double x = LEFT + (WIDTH - LEFT - 10.0) * share((double) point.step(), first, last);
      double y =
          HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share(value.applyAsDouble(point), low, high);
      line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }
    return String.format(
        Locale.ROOT,
        """
        <svg viewBox="0 0 %1$d %2$d" font-family="sans-serif" font-size="12">
        <path d="M%3$d %4$dV%5$dH%6$d" fill="none" stroke="#999"/>
        <polyline points="%7$s" fill="none" stroke="%8$s" stroke-width="1.5"/>
        <g text-anchor="end"><text x="%9$d" y="%10$d">%11$.4g</text>
        <text x="%9$d" y="%5$d">%12$.4g</text><text x="%6$d" y="%13$d">step %14$.0f</text></g>
        <text x="%3$d" y="%13$d">%15$.0f</text>
        </svg>""",
        WIDTH,
        HEIGHT,
        LEFT,
        TOP,
        HEIGHT - BOTTOM,
        WIDTH - 10,
        line.toString().strip(),
        colour,
        LEFT - 6,
        TOP + 10,
        high,
        low,
        HEIGHT - 10,
        last,
        first);
  }

  private static double share(double value, double low, double high) {
    return high > low ? (value - low) / (high - low) : 0.5;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
