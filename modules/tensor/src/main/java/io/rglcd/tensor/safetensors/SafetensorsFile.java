package io.rglcd.tensor.safetensors;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import io.rglcd.tensor.Scope;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * An open safetensors file of any length, read by memory map.
 *
 * <p>Tensors of F64, F32, I64, I32 and U8 alias the map: nothing is copied, pages come in when
 * touched, and such a tensor must never be changed in place (the pages are read-only: the process
 * would die). F16, BF16 and BOOL, tensors longer than 1 GiB, and tensors that do not begin at a
 * multiple of their element's size are copied to native memory. Nothing is copied to the heap.
 *
 * <p>What was read stays valid after {@link #close}: the map lives at least until the root of the
 * scope it was read into closes. A file must not be truncated while tensors of it live (replacing
 * it by rename, as {@link SafetensorsWriter} does, is fine).
 */
public final class SafetensorsFile implements AutoCloseable {

  /** The longest header, as in the original library. */
  public static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = 8;
  private static final long MAX_RANGE = 1L << 30;

  private final Path file;
  private final FileChannel channel;
  private final long dataBegin;
  private final SafetensorsHeader header;
  private final MappedData data;

  private SafetensorsFile(
      Path file, FileChannel channel, long dataBegin, SafetensorsHeader header, MappedData data) {
    this.file = file;
    this.channel = channel;
    this.dataBegin = dataBegin;
    this.header = header;
    this.data = data;
  }

  /**
   * Opens a file and checks its header against its length.
   *
   * @throws SafetensorsException if there is no such file, or it is not a sound safetensors file
   */
  public static SafetensorsFile open(Path file) {
    return open(file, MAX_RANGE);
  }

  /** {@link #open(Path)} with tensors longer than maxRange bytes joined from several maps. */
  static SafetensorsFile open(Path file, long maxRange) {
    if (Files.isDirectory(file)) {
      throw new SafetensorsException("not a safetensors file but a directory: " + file);
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new SafetensorsException("safetensors file missing: " + file, e);
    } catch (IOException e) {
      throw new SafetensorsException(
          "safetensors file unreadable: " + file + ": " + SafetensorsException.reason(e), e);
    }
    try {
      return open(file, channel, maxRange);
    } catch (IOException e) {
      closeQuietly(channel);
      throw new SafetensorsException(
          "safetensors file unreadable: " + file + ": " + SafetensorsException.reason(e), e);
    } catch (RuntimeException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  private static SafetensorsFile open(Path file, FileChannel channel, long maxRange)
      throws IOException {
    long fileBytes = channel.size();
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (length.hasRemaining() && channel.read(length, length.position()) > 0) {}
    if (length.hasRemaining()) {
      throw new SafetensorsException(
          file + " has " + fileBytes + " bytes (expected: at least 8, the length of the header)");
    }
    long headerBytes = length.getLong(0);
    if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
      throw new SafetensorsException(
          file
              + " begins with a header length of "
              + Long.toUnsignedString(headerBytes)
              + " bytes (expected: 2 to "
              + MAX_HEADER_BYTES
              + "); probably not a safetensors file");
    }
    long dataBegin = LENGTH_BYTES + headerBytes;
    if (dataBegin > fileBytes) {
      throw new SafetensorsException(
          file
              + " is truncated: its header ends at byte "
              + dataBegin
              + ", the file at "
              + fileBytes);
    }
    ByteBuffer json = channel.map(FileChannel.MapMode.READ_ONLY, LENGTH_BYTES, headerBytes);
    Reader reader =
        new InputStreamReader(
            new ByteBufferBackedInputStream(json), StandardCharsets.UTF_8.newDecoder());
    SafetensorsHeader header = SafetensorsHeader.parse(file, reader, fileBytes - dataBegin);
    return new SafetensorsFile(
        file, channel, dataBegin, header, new MappedData(channel, fileBytes, maxRange));
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // The reason for giving up on the file is the one to report.
    }
  }

  /** The path it was opened from. */
  public Path path() {
    return file;
  }

  /** Name to type, shape and place, in the order of the header. */
  public Map<String, TensorInfo> tensors() {
    return Collections.unmodifiableMap(header.tensors());
  }

  /** The header's free text entries, such as {@code format: pt}; empty if there are none. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /**
   * The tensor of that name, with the shape of the file and the type {@link DType#readAs}.
   *
   * @param scope owns the result
   * @throws SafetensorsException if there is no such tensor, or this file is closed
   */
  public NDArray read(Scope scope, String name) {
    TensorInfo info = header.tensors().get(name);
    if (info == null) {
      throw new SafetensorsException(file + " has no tensor " + SafetensorsHeader.quoted(name));
    }
    if (!channel.isOpen()) {
      throw new SafetensorsException(file + " is closed, read " + name + " before");
    }
    if (info.begin() == info.end()) {
      return scope.manager().zeros(info.toShape(), info.dtype().readAs());
    }
    long bytes = info.end() - info.begin();
    long begin = dataBegin + info.begin();
    boolean aligned = begin % info.dtype().bytes() == 0;
    try {
      if (info.dtype().aliased() && aligned && bytes <= data.maxRange()) {
        ByteBuffer range = data.range(scope.manager(), begin, begin + bytes);
        return scope.manager().create(range, info.toShape(), info.dtype().readAs());
      }
      return converted(scope, info, begin);
    } catch (IOException e) {
      throw new SafetensorsException(
          "cannot map tensor "
              + SafetensorsHeader.quoted(name)
              + " of "
              + file
              + ": "
              + SafetensorsException.reason(e),
          e);
    }
  }

  private NDArray converted(Scope scope, TensorInfo info, long begin) throws IOException {
    long end = begin + info.end() - info.begin();
    // A function reads the shape's numbers, which it can on the CPU only.
    try (Scope work = scope.child();
        Scope host = Scope.open(Device.cpu())) {
      List<NDArray> parts = new ArrayList<>();
      for (long from = begin; from < end; from += data.maxRange()) {
        long to = Math.min(end, from + data.maxRange());
        ByteBuffer range = data.range(work.manager(), from, to);
        parts.add(work.manager().create(range, new Shape(to - from), DataType.UINT8));
      }
      NDArray shape = host.create(info.shape());
      return work.keep(info.dtype().fromBytes().call(work, parts, shape));
    }
  }

  /** Lets go of the file. Tensors that were read stay. */
  @Override
  public void close() {
    closeQuietly(channel);
  }
}
