package io.rglcd.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
    return with(List.of(new StatusSpan(start, end, status)), allowed);
  }

  /**
   * Gives samples other statuses, in one pass however many there are.
   *
   * @param changes disjoint
   * @param allowed what the status of all these samples must be now
   * @throws DataException where it is not, or where part of a change lies outside
   */
  StatusSpans with(List<StatusSpan> changes, Predicate<SampleStatus> allowed) {
    List<StatusSpan> ascending =
        changes.stream().sorted(Comparator.comparingLong(StatusSpan::start)).toList();
    List<StatusSpan> result = new ArrayList<>(spans.size() + 2 * changes.size());
    int next = 0;
    long covered = 0;
    for (StatusSpan span : spans) {
      long at = span.start();
      while (next < ascending.size() && ascending.get(next).start() < span.end()) {
        StatusSpan change = ascending.get(next);
        long from = Math.max(change.start(), at);
        long to = Math.min(change.end(), span.end());
        if (from < to) {
          requireAllowed(allowed, span.status(), from, to, change.status());
          append(result, new StatusSpan(at, from, span.status()));
          append(result, new StatusSpan(from, to, change.status()));
          covered += to - from;
          at = to;
        }
        if (change.end() > span.end()) {
          break;
        }
        next++;
      }
      append(result, new StatusSpan(at, span.end(), span.status()));
    }
    if (covered < changes.stream().mapToLong(StatusSpan::count).sum()) {
      throw new DataException(
          "samples "
              + changes.stream()
                  .map(change -> "[" + change.start() + ", " + change.end() + ")")
                  .collect(Collectors.joining(" "))
              + " cannot become "
              + changes.get(0).status()
              + " (expected: samples of this epoch that are not settled yet)");
    }
    return new StatusSpans(result);
  }

  private static void requireAllowed(
      Predicate<SampleStatus> allowed, SampleStatus now, long from, long to, SampleStatus wanted) {
    if (!allowed.test(now)) {
      throw new DataException(
          "samples [" + from + ", " + to + ") are " + now + " and cannot become " + wanted);
    }
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
