package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

/**
 * Section {@code logging}.
 *
 * @param reportTo tensorboard or none
 * @param loggingDir directory of the event files below the output directory
 * @param trackerProjectName directory of the run below it, the name that a board shows
 */
public record LoggingConfig(String reportTo, String loggingDir, String trackerProjectName) {

  private static final String TENSORBOARD = "tensorboard";

  /** Checks the values. */
  public LoggingConfig {
    require(
        TENSORBOARD.equals(reportTo) || "none".equals(reportTo),
        "logging.report-to",
        reportTo,
        "tensorboard or none");
    require(!loggingDir.isBlank(), "logging.logging-dir", "''", "a directory");
    require(
        !trackerProjectName.isBlank(), "logging.tracker-project-name", "''", "a directory's name");
  }

  static LoggingConfig of(KeyReader keys) {
    return new LoggingConfig(
        keys.text("logging.report-to"),
        keys.text("logging.logging-dir"),
        keys.text("logging.tracker-project-name"));
  }

  /** Whether event files are written. */
  public boolean writesEvents() {
    return TENSORBOARD.equals(reportTo);
  }
}
