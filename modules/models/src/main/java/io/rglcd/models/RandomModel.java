package io.rglcd.models;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.tensor.ParameterLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Models of published shape with random weights, for measuring at real size without a download.
 * Numbers go from the generator through a small buffer to the file: neither heap nor native memory
 * holds the model.
 */
public final class RandomModel {

  private static final Set<String> KNOWN = new TreeSet<>(Set.of("sd21-unet"));
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
  private static final String SUFFIX = ".safetensors";
  private static final int BUFFER_BYTES = 1 << 20;

  private RandomModel() {}

  /** The names that {@link #write} takes. */
  public static Set<String> names() {
    return new TreeSet<>(KNOWN);
  }

  /**
   * The published configuration of that name.
   *
   * @throws ModelException if the name is unknown
   */
  public static UNet2DConditionConfig config(String like) {
    if (!KNOWN.contains(like)) {
      throw new ModelException("model " + like + " is not known (expected: one of " + KNOWN + ")");
    }
    return UNet2DConditionConfig.of(JsonConfig.resource(like + ".json"));
  }

  /**
   * Writes config.json and the weights as float32.
   *
   * @param like one of {@link #names}
   * @param out a directory, made if need be; or a path that ends in .safetensors for the weights
   *     alone
   * @param seed of the weights
   * @return the file with the weights, complete or absent
   * @throws ModelException if the name is unknown or the files cannot be written
   */
  public static Path write(String like, Path out, long seed) {
    UNet2DConditionConfig config = config(like);
    boolean weightsAlone = out.toString().endsWith(SUFFIX);
    try {
      Path target = (weightsAlone ? out : out.resolve(WEIGHTS)).toAbsolutePath();
      Files.createDirectories(target.getParent());
      write(target, UNet2DCondition.of(config).layout(), seed);
      if (!weightsAlone) {
        JsonConfig.write(out.resolve("config.json"), config.toJson());
      }
      return target;
    } catch (IOException e) {
      throw new ModelException("cannot write model " + like + " to " + out + ": " + e, e);
    }
  }

  /** Streams a safetensors file with first values for every parameter, atomically. */
  static void write(Path target, ParameterLayout layout, long seed) throws IOException {
    Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writeFully(channel, header(layout));
        ParameterInit init = new ParameterInit(layout, seed);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (String name : layout.shapes().keySet()) {
          writeValues(channel, buffer, init.values(name), layout.shapes().get(name).size());
        }
        writeFully(channel, buffer.flip());
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void writeValues(
      FileChannel channel, ByteBuffer buffer, ParameterInit.Values values, long count)
      throws IOException {
    for (long i = 0; i < count; i++) {
      if (!buffer.hasRemaining()) {
        writeFully(channel, buffer.flip());
        buffer.clear();
      }
      buffer.putFloat(values.next());
    }
  }

  private static ByteBuffer header(ParameterLayout layout) {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    header.putObject("__metadata__").put("format", "pt");
    for (String name : layout.shapes().keySet()) {
      Shape shape = layout.shapes().get(name);
      long begin = layout.offset(name) * Float.BYTES;
      ObjectNode entry = header.putObject(name).put("dtype", "F32");
      for (long length : shape.getShape()) {
        entry.withArray("shape").add(length);
      }
      entry.putArray("data_offsets").add(begin).add(begin + shape.size() * Float.BYTES);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
