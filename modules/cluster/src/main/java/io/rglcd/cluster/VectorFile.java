package io.rglcd.cluster;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.TensorBuffers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/** Tensors in a file for a while: nothing but their bytes, row-major, one after the other. */
public final class VectorFile {

  private VectorFile() {}

  /**
   * Writes a file.
   *
   * @param vectors on any device
   * @throws TrainingException if it cannot be written
   */
  public static void write(Path file, List<NDArray> vectors) {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (NDArray vector : vectors) {
        TensorBuffers.forEachChunk(
            vector,
            bytes -> {
              while (bytes.hasRemaining()) {
                channel.write(bytes);
              }
            });
      }
    } catch (IOException e) {
      throw new TrainingException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a file that was written from as many numbers.
   *
   * @param vectors on the CPU, contiguous, overwritten
   * @return CRC32C of the bytes
   * @throws TrainingException if it cannot be read or is too short
   */
  public static long read(Path file, List<NDArray> vectors) {
    CRC32C crc = new CRC32C();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (NDArray vector : vectors) {
        TensorBuffers.forEachChunk(
            vector,
            bytes -> {
              ByteBuffer read = bytes.duplicate();
              while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                  throw new EOFException("it is too short");
                }
              }
              crc.update(read);
            });
      }
      return crc.getValue();
    } catch (IOException e) {
      throw new TrainingException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
