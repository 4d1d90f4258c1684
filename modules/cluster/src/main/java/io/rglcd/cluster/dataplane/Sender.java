package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Sends one other node all that it gets in a reduction, over one connection: what is ready of the
 * mean goes before the gradients, which never wait for a mean, so that no two nodes wait for each
 * other.
 */
final class Sender {

  private static final long QUIET_MILLIS = 1000;

  /** Part of the mean, its CRC32C as it travels, and what travels if that is kept. */
  private record Mean(Chunk chunk, int crc, Optional<KeptFrames.Frame> packed) {}

  private final Reduction reduction;
  private final PeerConnection to;
  private final Wire wire;
  private final Staging staging;
  private final List<Chunk> theirs;
  private final List<Contribution> held;
  private final Bfloat16Sum conversion = new Bfloat16Sum();
  private final Deque<Mean> means = new ArrayDeque<>();
  private long ready;

  /**
   * Nothing is ready.
   *
   * @param theirs chunks that the other node adds up, ascending
   */
  Sender(Reduction reduction, PeerConnection to, Wire wire, Staging staging, List<Chunk> theirs) {
    this.reduction = reduction;
    this.to = to;
    this.wire = wire;
    this.staging = staging;
    this.theirs = theirs;
    this.held = reduction.held();
  }

  PeerConnection connection() {
    return to;
  }

  /** A chunk of an own slice can be sent. */
  synchronized void mean(Chunk chunk, int crc, Optional<KeptFrames.Frame> packed) {
    means.add(new Mean(chunk, crc, packed));
    notifyAll();
  }

  /** Own gradients can be sent up to that number. */
  synchronized void ready(long elements) {
    ready = elements;
    notifyAll();
  }

  /** Looks again whether the reduction is over. */
  synchronized void wake() {
    notifyAll();
  }

  /**
   * Sends until all is sent or the reduction is over.
   *
   * @param meansToSend chunks of own slices
   * @return whether all is sent
   */
  boolean run(int meansToSend) throws IOException, InterruptedException {
    int gradientsToSend = theirs.size() * held.size();
    int gradientsSent = 0;
    int meansSent = 0;
    while (gradientsSent < gradientsToSend || meansSent < meansToSend) {
      Chunk next = gradientsSent < gradientsToSend ? theirs.get(gradientsSent / held.size()) : null;
      Mean mean = await(next);
      if (reduction.isOver()) {
        return false;
      }
      if (mean != null) {
        send(mean);
        meansSent++;
      } else {
        int index = held.get(gradientsSent % held.size()).index();
        sendGradient(index, next);
        gradientsSent++;
      }
    }
    return true;
  }

  /** Waits for a mean or, as null, for the gradients of a chunk, or for the end. */
  private synchronized Mean await(Chunk gradients) throws InterruptedException {
    while (means.isEmpty()
        && (gradients == null || gradients.end() > ready)
        && !reduction.isOver()) {
      wait(QUIET_MILLIS);
    }
    return means.poll();
  }

  private void send(Mean mean) throws IOException {
    Chunk chunk = mean.chunk();
    if (mean.packed().isPresent()) {
      KeptFrames.Frame frame = mean.packed().get();
      send(FrameHeader.Type.MEAN, -1, chunk, frame.bytes(), mean.crc());
      frame.sent();
    } else if (wire == Wire.FP32) {
      send(FrameHeader.Type.MEAN, -1, chunk, reduction.meanBytes(chunk), mean.crc());
    } else {
      sendPacked(FrameHeader.Type.MEAN, -1, chunk, reduction.meanBytes(chunk));
    }
  }

  private void sendGradient(int index, Chunk chunk) throws IOException {
    ByteBuffer numbers = reduction.gradientBytes(index, chunk);
    if (wire == Wire.FP32) {
      send(FrameHeader.Type.GRADIENT, index, chunk, numbers, Addition.checksum(numbers));
    } else {
      sendPacked(FrameHeader.Type.GRADIENT, index, chunk, numbers);
    }
  }

  private void sendPacked(FrameHeader.Type type, int index, Chunk chunk, ByteBuffer numbers)
      throws IOException {
    ByteBuffer packed = staging.take(wire.frameBytes(chunk.elements()));
    try {
      conversion.pack(numbers, packed);
      send(type, index, chunk, packed, Addition.checksum(packed));
    } finally {
      staging.give(packed);
    }
  }

  private void send(FrameHeader.Type type, int index, Chunk chunk, ByteBuffer bytes, int crc)
      throws IOException {
    int length = bytes.remaining();
    to.send(
        new FrameHeader(
            type, wire, reduction.plan().key(), index, chunk.offset(), chunk.elements(), crc),
        bytes);
    reduction.sent(length);
  }
}
