package io.rglcd.cluster.protocol;

import akka.stream.SourceRef;
import akka.util.ByteString;
import io.rglcd.data.SampleRange;

/** What a worker's node is told by a loader. */
public sealed interface LoaderReply extends ClusterMessage {

  /** The samples that are meant. */
  SampleRange range();

  /**
   * The samples are there.
   *
   * @param range as asked for
   * @param bytes of the samples
   * @param parts the bytes in order, sent as fast as they are taken
   */
  record Available(SampleRange range, long bytes, SourceRef<ByteString> parts)
      implements LoaderReply {}

  /**
   * The samples cannot be had here.
   *
   * @param range as asked for
   * @param reason in one sentence
   */
  record Unavailable(SampleRange range, String reason) implements LoaderReply {}
}
