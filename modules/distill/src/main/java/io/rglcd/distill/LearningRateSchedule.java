package io.rglcd.distill;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The factor on the base learning rate at each update, as {@code diffusers.optimization
 * .get_scheduler} with its defaults.
 */
public enum LearningRateSchedule {
  /** 1 throughout. */
  CONSTANT,
  /** Rises linearly over the warm-up, then 1. */
  CONSTANT_WITH_WARMUP,
  /** Rises over the warm-up, then falls linearly to 0 at the last update. */
  LINEAR {
    @Override
    double afterWarmup(double base, double progress) {
      return Math.max(0, 1 - progress);
    }
  },
  /** Rises over the warm-up, then half a cosine down to 0. */
  COSINE {
    @Override
    double afterWarmup(double base, double progress) {
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
  },
  /** {@link #COSINE} with hard restarts; one cycle, as diffusers' default. */
  COSINE_WITH_RESTARTS {
    @Override
    double afterWarmup(double base, double progress) {
      return progress >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (progress % 1))));
    }
  },
  /** Rises over the warm-up, then falls linearly (power 1) to an absolute rate of 1e-7. */
  POLYNOMIAL {
    @Override
    double afterWarmup(double base, double progress) {
      double end = 1e-7;
      return progress > 1 ? end / base : ((base - end) * (1 - progress) + end) / base;
    }
  };

  /** The factor at that share of the updates after the warm-up. */
  double afterWarmup(double base, double progress) {
    return 1;
  }

  /**
   * The learning rate of one update.
   *
   * @param base the base rate
   * @param update counted from 0
   * @param warmup number of warm-up updates; {@link #CONSTANT} has none
   * @param total number of updates of the whole run
   */
  public double rate(double base, long update, long warmup, long total) {
    if (this != CONSTANT && update < warmup) {
      return base * ((double) update / Math.max(1, warmup));
    }
    return base * afterWarmup(base, (double) (update - warmup) / Math.max(1, total - warmup));
  }

  /**
   * The schedule of that diffusers name, e.g. {@code constant_with_warmup}.
   *
   * @throws IllegalArgumentException listing the known names
   */
  public static LearningRateSchedule of(String name) {
    return Arrays.stream(values())
        .filter(schedule -> schedule.schedulerName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "lr scheduler: "
                        + name
                        + " (expected: one of "
                        + Arrays.stream(values())
                            .map(LearningRateSchedule::schedulerName)
                            .collect(Collectors.joining(", "))
                        + ")"));
  }

  /** Diffusers' name of this schedule. */
  public String schedulerName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
