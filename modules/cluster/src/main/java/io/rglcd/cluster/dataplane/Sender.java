package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.AdditionOrder.Part;
import io.rglcd.cluster.dataplane.Chunks.Chunk;
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
  private final Addition addition;
  private final AdditionOrder order;
  private final List<Chunk> theirs;
  private final List<Part> parts;
  private final Deque<Mean> means = new ArrayDeque<>();
  private long ready;

  /**
   * Nothing is ready.
   *
   * @param theirs chunks that the other node adds up, ascending
   */
  Sender(
      Reduction reduction,
      PeerConnection to,
      Addition addition,
      AdditionOrder order,
      List<Chunk> theirs) {
    this.reduction = reduction;
    this.to = to;
    this.addition = addition;
    this.order = order;
    this.theirs = theirs;
    this.parts = order.partsOf(reduction.self());
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
    int gradientsToSend = theirs.size() * parts.size();
    int gradientsSent = 0;
    int meansSent = 0;
    while (gradientsSent < gradientsToSend || meansSent < meansToSend) {
      Chunk next =
          gradientsSent < gradientsToSend ? theirs.get(gradientsSent / parts.size()) : null;
      Mean mean = await(next);
      if (reduction.isOver()) {
        return false;
      }
      if (mean != null) {
        send(mean);
        meansSent++;
      } else {
        sendPart(parts.get(gradientsSent % parts.size()), next);
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
    } else if (addition.wire() == Wire.FP32) {
      send(FrameHeader.Type.MEAN, -1, chunk, reduction.mean().of(chunk), mean.crc());
    } else {
      send(FrameHeader.Type.MEAN, -1, chunk, addition.packed(reduction.mean(), chunk));
    }
  }

  private void sendPart(Part part, Chunk chunk) throws IOException {
    Addition.Frame frame = addition.part(reduction, order, part, chunk);
    send(FrameHeader.Type.GRADIENT, part.index(), chunk, frame);
  }

  private void send(FrameHeader.Type type, int index, Chunk chunk, Addition.Frame frame)
      throws IOException {
    try {
      send(type, index, chunk, frame.bytes(), frame.crc());
    } finally {
      addition.free(frame);
    }
  }

  private void send(FrameHeader.Type type, int index, Chunk chunk, ByteBuffer bytes, int crc)
      throws IOException {
    int length = bytes.remaining();
    to.send(
        new FrameHeader(
            type,
            addition.wire(),
            reduction.plan().key(),
            index,
            chunk.offset(),
            chunk.elements(),
            crc),
        bytes);
    reduction.sent(length);
  }
}
