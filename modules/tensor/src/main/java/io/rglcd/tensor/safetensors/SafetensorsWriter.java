package io.rglcd.tensor.safetensors;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rglcd.tensor.TensorBuffers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes safetensors files that appear whole or not at all: into a temporary file beside the
 * target, forced to disk, renamed over it, and the directory forced too.
 *
 * <p>Tensors are written from native memory through direct buffers, nothing of them is copied to
 * the heap. As the original library does, tensors are laid out by falling element size, so that
 * each begins aligned; the header names them in the same order and is padded with spaces to eight
 * bytes.
 */
public final class SafetensorsWriter {

  /** What PyTorch libraries expect to find: {@code format: pt}. */
  public static final Map<String, String> PYTORCH = Map.of("format", "pt");

  private static final JsonFactory JSON = new JsonFactory();

  private SafetensorsWriter() {}

  /**
   * Writes float32, float64, int64, int32, uint8 and boolean tensors on the CPU.
   *
   * @param file replaced if it exists
   * @param tensors name to tensor
   * @param metadata text entries of the header, such as {@link #PYTORCH}; none if empty
   * @throws SafetensorsException naming a tensor of another type, or the file that cannot be
   *     written
   */
  public static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) {
    Map<String, TensorInfo> infos = place(file, tensors);
    Path target = file.toAbsolutePath();
    Path temporary = null;
    try {
      temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        writeFully(out, header(infos, metadata));
        for (String name : infos.keySet()) {
          writeTensor(out, tensors.get(name));
        }
        out.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(target.getParent());
    } catch (IOException e) {
      throw new SafetensorsException(
          "cannot write " + file + ": " + SafetensorsException.reason(e), e);
    } finally {
      deleteIfLeft(temporary);
    }
  }

  private static Map<String, TensorInfo> place(Path file, Map<String, NDArray> tensors) {
    if (tensors.containsKey(SafetensorsHeader.METADATA)) {
      throw new SafetensorsException(
          "cannot write a tensor named " + SafetensorsHeader.METADATA + " to " + file);
    }
    Map<String, DType> types = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) ->
            types.put(
                name,
                DType.of(tensor.getDataType())
                    .orElseThrow(
                        () ->
                            new SafetensorsException(
                                "cannot write tensor "
                                    + SafetensorsHeader.quoted(name)
                                    + " of type "
                                    + tensor.getDataType()
                                    + " to "
                                    + file
                                    + " (expected: one of "
                                    + Arrays.toString(DType.values())
                                    + ")"))));
    List<String> names = new ArrayList<>(tensors.keySet());
    names.sort(Comparator.comparingInt(name -> -types.get(name).bytes()));
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    long offset = 0;
    for (String name : names) {
      long[] shape = tensors.get(name).getShape().getShape();
      long end = offset + tensors.get(name).size() * types.get(name).bytes();
      infos.put(name, new TensorInfo(types.get(name), shape, offset, end));
      offset = end;
    }
    return infos;
  }

  private static ByteBuffer header(Map<String, TensorInfo> infos, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[Long.BYTES]);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(SafetensorsHeader.METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (Map.Entry<String, TensorInfo> entry : infos.entrySet()) {
        writeInfo(json, entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
    }
    while (bytes.size() % Long.BYTES != 0) {
      bytes.write(' ');
    }
    ByteBuffer header = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    return header.putLong(0, header.capacity() - Long.BYTES);
  }

  private static void writeInfo(JsonGenerator json, String name, TensorInfo info)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("dtype", info.dtype().name());
    json.writeFieldName("shape");
    json.writeArray(info.shape(), 0, info.shape().length);
    json.writeFieldName("data_offsets");
    json.writeArray(new long[] {info.begin(), info.end()}, 0, 2);
    json.writeEndObject();
  }

  private static void writeTensor(FileChannel out, NDArray tensor) throws IOException {
    TensorBuffers.forEachChunk(tensor, chunk -> writeFully(out, chunk));
  }

  private static void writeFully(FileChannel out, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteIfLeft(Path temporary) {
    if (temporary != null) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException ignored) {
        // What stopped the writing is the reason to report.
      }
    }
  }
}
