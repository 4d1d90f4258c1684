package io.rglcd.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Cuts [start, end) of an epoch into runs of equal status: adjacent, ascending, none empty, no two
 * neighbours of equal status. Immutable. That every sample has exactly one status is a matter of
 * form here, not of care.
 *
 * @param spans the runs
 */
record StatusSpans(List<StatusSpan> spans) {

  StatusSpans {
    spans = List.copyOf(spans);
  }

  static StatusSpans of(long start, long end, SampleStatus status) {
    return start == end
        ? new StatusSpans(List.of())
        : new StatusSpans(List.of(new StatusSpan(start, end, status)));
  }

  /**
   * Gives the samples of [start, end) another status.
   *
   * @param allowed what their status must be now
   * @throws DataException where it is not, or where part of the interval lies outside
   */
  StatusSpans with(long start, long end, SampleStatus status, Predicate<SampleStatus> allowed) {
    List<StatusSpan> result = new ArrayList<>(spans.size() + 2);
    long covered = 0;
    for (StatusSpan span : spans) {
      long from = Math.max(start, span.start());
      long to = Math.min(end, span.end());
      if (from >= to) {
        append(result, span);
        continue;
      }
      if (!allowed.test(span.status())) {
        throw new DataException(
            "samples ["
                + from
                + ", "
                + to
                + ") are "
                + span.status()
                + " and cannot become "
                + status);
      }
      append(result, new StatusSpan(span.start(), from, span.status()));
      append(result, new StatusSpan(from, to, status));
      append(result, new StatusSpan(to, span.end(), span.status()));
      covered += to - from;
    }
    if (covered < end - start) {
      throw new DataException(
          "samples ["
              + start
              + ", "
              + end
              + ") cannot become "
              + status
              + " (expected: samples of this epoch that are not settled yet)");
    }
    return new StatusSpans(result);
  }

  /** Gives all samples whose status matches another one. */
  StatusSpans replace(Predicate<SampleStatus> match, SampleStatus status) {
    List<StatusSpan> result = new ArrayList<>(spans.size());
    for (StatusSpan span : spans) {
      append(
          result,
          match.test(span.status()) ? new StatusSpan(span.start(), span.end(), status) : span);
    }
    return new StatusSpans(result);
  }

  /** Number of samples whose status matches. */
  long count(Predicate<SampleStatus> match) {
    return spans.stream().filter(s -> match.test(s.status())).mapToLong(StatusSpan::count).sum();
  }

  /** Counts the settled samples of the first runs. */
  SampleTally tally(int runs) {
    SampleTally tally = SampleTally.NONE;
    for (StatusSpan span : spans.subList(0, runs)) {
      tally = span.status().isSettled() ? tally.plus(span.status(), span.count()) : tally;
    }
    return tally;
  }

  /** The samples whose status matches, ascending. */
  List<SampleRange> ranges(long epoch, Predicate<SampleStatus> match) {
    List<SampleRange> ranges = new ArrayList<>();
    for (StatusSpan span : spans) {
      if (match.test(span.status())) {
        for (long at = span.start(); at < span.end(); at += Integer.MAX_VALUE) {
          int count = (int) Math.min(Integer.MAX_VALUE, span.end() - at);
          ranges.add(new SampleRange(epoch, at, count));
        }
      }
    }
    return ranges;
  }

  private static void append(List<StatusSpan> result, StatusSpan span) {
    if (span.count() == 0) {
      return;
    }
    int last = result.size() - 1;
    if (last >= 0 && result.get(last).status().equals(span.status())) {
      result.set(last, new StatusSpan(result.get(last).start(), span.end(), span.status()));
    } else {
      result.add(span);
    }
  }
}
