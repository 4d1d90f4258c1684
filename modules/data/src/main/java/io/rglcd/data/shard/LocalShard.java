package io.rglcd.data.shard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A shard in the file system.
 *
 * @param path of the tar file
 */
public record LocalShard(Path path) implements ShardSource {

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public InputStream open(long offset) throws IOException {
    SeekableByteChannel channel = channel();
    try {
      channel.position(offset);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return Channels.newInputStream(channel);
  }

  /** Size and time of the last change. */
  @Override
  public String version() throws IOException {
    try {
      return Files.size(path) + " bytes of " + Files.getLastModifiedTime(path);
    } catch (NoSuchFileException e) {
      throw missing(e);
    }
  }

  private SeekableByteChannel channel() throws IOException {
    try {
      return Files.newByteChannel(path);
    } catch (NoSuchFileException e) {
      throw missing(e);
    }
  }

  private ShardMissingException missing(NoSuchFileException e) {
    return new ShardMissingException("shard " + path + ": it does not exist", e);
  }
}
