package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

import io.rglcd.data.SampleFilter;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Section {@code data.filter}: which of the whole samples are used.
 *
 * @param minSize both sides of the original picture at least, in pixels; 0 for any
 * @param maxWatermark probability of a watermark at most; 1 for any
 * @param maxAspect longer side over shorter side at most; 0 for any
 * @param minCaption characters of a caption at least
 * @param maxCaption characters of a caption at most; 0 for any
 * @param captionMatches regular expression that must be found in a caption; empty for none
 * @param captionExcludes regular expression that must not be found in a caption; empty for none
 */
public record FilterConfig(
    int minSize,
    double maxWatermark,
    double maxAspect,
    int minCaption,
    int maxCaption,
    String captionMatches,
    String captionExcludes) {

  /** Checks the values. */
  public FilterConfig {
    require(minSize >= 0, "data.filter.min-size", minSize, ">= 0");
    require(
        maxWatermark >= 0 && maxWatermark <= 1,
        "data.filter.max-watermark",
        maxWatermark,
        "0 to 1");
    require(maxAspect == 0 || maxAspect >= 1, "data.filter.max-aspect", maxAspect, "0, or >= 1");
    require(minCaption >= 0, "data.filter.min-caption", minCaption, ">= 0");
    require(
        maxCaption == 0 || maxCaption >= minCaption,
        "data.filter.max-caption",
        maxCaption,
        "0, or at least data.filter.min-caption");
    pattern("data.filter.caption-matches", captionMatches);
    pattern("data.filter.caption-excludes", captionExcludes);
  }

  static FilterConfig of(KeyReader keys) {
    return new FilterConfig(
        keys.integer("data.filter.min-size"),
        keys.number("data.filter.max-watermark"),
        keys.number("data.filter.max-aspect"),
        keys.integer("data.filter.min-caption"),
        keys.integer("data.filter.max-caption"),
        keys.text("data.filter.caption-matches"),
        keys.text("data.filter.caption-excludes"));
  }

  /** For the loader. */
  SampleFilter sampleFilter() {
    return new SampleFilter(
        minSize,
        maxWatermark,
        maxAspect,
        minCaption,
        maxCaption,
        pattern("data.filter.caption-matches", captionMatches),
        pattern("data.filter.caption-excludes", captionExcludes));
  }

  private static Optional<Pattern> pattern(String key, String expression) {
    try {
      return expression.isEmpty() ? Optional.empty() : Optional.of(Pattern.compile(expression));
    } catch (PatternSyntaxException e) {
      throw new ConfigurationException(
          key + ": " + expression + " (expected: a regular expression; " + e.getDescription() + ")",
          e);
    }
  }
}
