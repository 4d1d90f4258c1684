package io.rglcd.cluster;

import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.data.SampleRange;
import io.rglcd.data.image.PixelLevels;
import io.rglcd.distill.BatchImages;
import io.rglcd.distill.BatchPrompts;
import io.rglcd.distill.MicroBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Samples as bytes, from a loader to a worker on another node: pixels as the bytes they were
 * decoded to, a quarter of float32, wherever that loses nothing. A CRC32C is at the end.
 */
public final class LoadedRangeCodec {

  private static final byte PIXELS = 0;
  private static final byte LEVELS = 1;
  private static final byte MOMENTS = 2;
  private static final byte TOKENS = 0;
  private static final byte EMBEDS = 1;

  private LoadedRangeCodec() {}

  /** The bytes of loaded samples. */
  public static byte[] encode(LoadedRange loaded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(loaded.unreadable().size());
      for (UnreadableSample sample : loaded.unreadable()) {
        out.writeLong(sample.position());
        writeText(out, sample.reason());
      }
      out.writeBoolean(loaded.batch().isPresent());
      if (loaded.batch().isPresent()) {
        write(out, loaded.batch().get());
      }
      CRC32C checksum = new CRC32C();
      checksum.update(bytes.toByteArray());
      out.writeInt((int) checksum.getValue());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, MicroBatch batch) throws IOException {
    out.writeInt(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      out.writeLong(batch.sampleIds().get(i));
      writeText(out, batch.captions().get(i));
    }
    write(out, batch.prompts());
    if (batch.images() instanceof BatchImages.Pixels pixels) {
      Optional<byte[]> levels = PixelLevels.levels(pixels.values());
      out.writeByte(levels.isPresent() ? LEVELS : PIXELS);
      out.writeInt(pixels.resolution());
      out.write(levels.orElseGet(() -> floats(pixels.values())));
    } else if (batch.images() instanceof BatchImages.Moments moments) {
      out.writeByte(MOMENTS);
      out.writeInt(moments.channels());
      out.writeInt(moments.height());
      out.writeInt(moments.width());
      out.write(floats(moments.values()));
    }
  }

  private static void write(DataOutputStream out, BatchPrompts prompts) throws IOException {
    if (prompts instanceof BatchPrompts.Tokens tokens) {
      out.writeByte(TOKENS);
      out.writeInt(tokens.contextLength());
      for (long id : tokens.ids()) {
        out.writeInt(Math.toIntExact(id));
      }
    } else if (prompts instanceof BatchPrompts.Embeds embeds) {
      out.writeByte(EMBEDS);
      out.writeInt(embeds.tokens());
      out.writeInt(embeds.width());
      out.write(floats(embeds.values()));
    }
  }

  private static byte[] floats(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length));
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  /**
   * The samples of these bytes.
   *
   * @param range that they are of
   * @throws TrainingException if the bytes are damaged or of another range
   */
  public static LoadedRange decode(SampleRange range, byte[] bytes) {
    int content = bytes.length - Integer.BYTES;
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, Math.max(0, content));
    if (content < 0 || ByteBuffer.wrap(bytes).getInt(content) != (int) checksum.getValue()) {
      throw new TrainingException("samples of " + range + " were damaged on their way");
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, content))) {
      List<UnreadableSample> unreadable = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        unreadable.add(new UnreadableSample(in.readLong(), readText(in)));
      }
      Optional<MicroBatch> batch =
          in.readBoolean() ? Optional.of(read(in, range.epoch())) : Optional.empty();
      return new LoadedRange(range, batch, unreadable);
    } catch (IOException | IllegalArgumentException e) {
      throw new TrainingException("these bytes are not the samples of " + range, e);
    }
  }

  private static MicroBatch read(DataInputStream in, long epoch) throws IOException {
    int samples = in.readInt();
    List<Long> ids = new ArrayList<>();
    List<String> captions = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      ids.add(in.readLong());
      captions.add(readText(in));
    }
    BatchPrompts prompts = readPrompts(in, samples);
    return new MicroBatch(epoch, ids, readImages(in), captions, prompts);
  }

  private static BatchPrompts readPrompts(DataInputStream in, int samples) throws IOException {
    byte kind = in.readByte();
    int tokens = in.readInt();
    if (kind == EMBEDS) {
      int width = in.readInt();
      long bytes = (long) Float.BYTES * samples * tokens * width;
      return new BatchPrompts.Embeds(values(exactly(in, bytes)), tokens, width);
    }
    ByteBuffer ids = ByteBuffer.wrap(exactly(in, (long) Integer.BYTES * samples * tokens));
    long[] values = new long[ids.remaining() / Integer.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = ids.getInt();
    }
    return new BatchPrompts.Tokens(values, tokens);
  }

  private static BatchImages readImages(DataInputStream in) throws IOException {
    byte kind = in.readByte();
    if (kind == MOMENTS) {
      int channels = in.readInt();
      int height = in.readInt();
      int width = in.readInt();
      return new BatchImages.Moments(values(in.readAllBytes()), channels, height, width);
    }
    int resolution = in.readInt();
    byte[] bytes = in.readAllBytes();
    return new BatchImages.Pixels(
        kind == LEVELS ? PixelLevels.values(bytes) : values(bytes), resolution);
  }

  private static float[] values(byte[] floats) {
    float[] values = new float[floats.length / Float.BYTES];
    ByteBuffer.wrap(floats).asFloatBuffer().get(values);
    return values;
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(exactly(in, in.readInt()), StandardCharsets.UTF_8);
  }

  private static byte[] exactly(DataInputStream in, long length) throws IOException {
    byte[] bytes = in.readNBytes(Math.toIntExact(length));
    if (bytes.length < length) {
      throw new IOException("the bytes end early");
    }
    return bytes;
  }
}
