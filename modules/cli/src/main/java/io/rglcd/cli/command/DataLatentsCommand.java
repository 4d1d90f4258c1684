package io.rglcd.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rglcd data latents}. */
@Command(
    name = "latents",
    description = {
      "Encode the pictures of a configuration's shards with its autoencoder, for training with"
          + " data.work-on-latent.",
      "",
      "Each shard gets one in OUT, with the moments of the latents in place of the pictures. Shards"
          + " that are there are passed over, so the same command goes on where it was stopped."
    })
final class DataLatentsCommand implements Callable<Integer> {

  private static final Pattern PART = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

  private final LatentsMaker maker;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONF", description = "Configuration in HOCON.")
  private Path file;

  @Parameters(paramLabel = "OUT", description = "Directory of the new shards.")
  private Path out;

  @Option(
      names = "--part",
      paramLabel = "I/N",
      defaultValue = "0/1",
      description =
          "Only each N-th shard, from shard I on, 0 <= I < N: N machines do them all together."
              + " ${DEFAULT-VALUE} by default.")
  private String part;

  @Option(
      names = "--prompt-embeds",
      description = "Encode the captions too, for data.work-on-prompt-embeds.")
  private boolean promptEmbeds;

  DataLatentsCommand(LatentsMaker maker) {
    this.maker = maker;
  }

  @Override
  public Integer call() {
    Matcher matcher = PART.matcher(part);
    if (!matcher.matches()
        || Integer.parseInt(matcher.group(1)) >= Integer.parseInt(matcher.group(2))) {
      throw new ParameterException(
          spec.commandLine(), "--part: " + part + " (expected: I/N, 0 <= I < N, such as 0/8)");
    }
    maker.make(
        new LatentsRequest(
            file,
            out,
            promptEmbeds,
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2))),
        spec.commandLine().getOut());
    return 0;
  }
}
