package io.rglcd.cluster.actor;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.ScratchFiles;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.VectorFile;
import io.rglcd.cluster.protocol.Prepared;
import java.nio.file.Path;
import java.util.List;

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
    VectorFile.write(file(mean), List.of(from));
  }

  /**
   * Reads a mean back.
   *
   * @throws TrainingException if its bytes have changed
   */
  void read(Prepared mean, NDArray into) {
    if (VectorFile.read(file(mean), List.of(into)) != mean.checksum()) {
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
