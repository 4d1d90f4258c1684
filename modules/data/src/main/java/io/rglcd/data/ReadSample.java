package io.rglcd.data;

import java.util.List;

/** What was read of a sample, before anything random happens to it. */
sealed interface ReadSample permits DecodedSample, LatentSample {

  /** As in the shard, at least one; of several, one is drawn each time. */
  List<String> captions();

  /** Bytes of what it shows. */
  long contentBytes();

  /** About what it takes in memory. */
  default long bytes() {
    return contentBytes() + 2L * captions().stream().mapToLong(String::length).sum() + 128;
  }
}
