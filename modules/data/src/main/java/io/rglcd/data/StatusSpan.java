package io.rglcd.data;

/**
 * A run of samples of equal status.
 *
 * @param start position of the first
 * @param end position after the last
 * @param status of each
 */
record StatusSpan(long start, long end, SampleStatus status) {

  long count() {
    return end - start;
  }
}
