package io.rglcd.data.source;

import io.rglcd.data.shard.ShardSource;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A shard that a command of the shell writes. Each reader runs the command, and what lies before
 * its offset is read and thrown away, so samples are better read from a {@link SpooledShard}.
 *
 * @param command for {@code sh -c}
 * @param timeout for each 64 KiB that it writes, or its end
 * @param nanoClock a clock of nanoseconds with any origin
 */
public record PipeShard(String command, Duration timeout, LongSupplier nanoClock)
    implements ShardSource {

  @Override
  public String name() {
    return "pipe:" + command;
  }

  @Override
  public InputStream open(long offset) throws IOException {
    PipeStream in = new PipeStream(command, new Patience(timeout), nanoClock);
    try {
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }
}
