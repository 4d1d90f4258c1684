package io.rglcd.cluster.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SnapshotWriterTest {

  @TempDir Path folder;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private static void write(SnapshotWriter writer, int number, long at) throws IOException {
    ByteBuffer room = writer.room();
    room.limit(4).putInt(0, number);
    writer.write(room, at);
  }

  @Test
  void writesMoreThanThereIsRoomForAndNotesPiecesAfterTheirBytes() throws Exception {
    Path path = folder.resolve("part");
    try (FileChannel file =
            FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        PieceJournal journal = new PieceJournal(path)) {
      journal.begin(400, 7);
      SnapshotWriter writer = new SnapshotWriter(file, journal, threads);
      for (int i = 0; i < 100; i++) {
        write(writer, i, 4L * i);
      }
      writer.done(0, 42);
      writer.finish();
      assertThat(journal.checksum(0)).hasValue(42);
    }
    ByteBuffer written = ByteBuffer.wrap(Files.readAllBytes(path));
    for (int i = 0; i < 100; i++) {
      assertThat(written.getInt()).isEqualTo(i);
    }
  }

  @Test
  void whatCannotBeWrittenIsToldAndNotNotedAndNobodyWaitsForRoom() throws Exception {
    Path path = folder.resolve("part");
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try (PieceJournal journal = new PieceJournal(path)) {
      journal.begin(400, 7);
      SnapshotWriter writer = new SnapshotWriter(file, journal, threads);
      file.close();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  write(writer, i, 4L * i);
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not written");
      assertThatThrownBy(() -> writer.done(0, 42)).isInstanceOf(IOException.class);
      assertThatThrownBy(writer::finish).isInstanceOf(IOException.class);
      assertThat(journal.checksum(0)).as("noted").isEmpty();
    }
  }
}
