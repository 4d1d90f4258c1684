package io.rglcd.cluster.actor;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.ScratchFiles;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.tensor.TensorBuffers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Mean gradients that wait in files until a snapshot has arrived: there may be many, each as large
 * as the model.
 */
final class KeptMeans {

  private final Path directory;

  KeptMeans(Path directory) {
    this.directory = directory;
  }

  void write(Prepared mean, NDArray from) {
    ScratchFiles.create(directory);
    try (FileChannel channel =
        FileChannel.open(
            file(mean),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      TensorBuffers.forEachChunk(
          from,
          bytes -> {
            try {
              while (bytes.hasRemaining()) {
                channel.write(bytes);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (IOException | UncheckedIOException e) {
      throw new TrainingException("cannot write " + file(mean) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a mean back.
   *
   * @throws TrainingException if its bytes have changed
   */
  void read(Prepared mean, NDArray into) {
    CRC32C crc = new CRC32C();
    try (FileChannel channel = FileChannel.open(file(mean), StandardOpenOption.READ)) {
      TensorBuffers.forEachChunk(
          into,
          bytes -> {
            ByteBuffer read = bytes.duplicate();
            try {
              while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            crc.update(read);
          });
    } catch (IOException | UncheckedIOException e) {
      throw new TrainingException("cannot read " + file(mean) + ": " + e.getMessage(), e);
    }
    if (crc.getValue() != mean.checksum()) {
      throw new TrainingException(file(mean) + " has changed since it was written");
    }
  }

  void clear() {
    ScratchFiles.delete(directory);
  }

  private Path file(Prepared mean) {
    return directory.resolve("mean-" + mean.key().step());
  }
}
