package io.rglcd.cli.command;

import io.rglcd.cli.pack.PackRun;
import io.rglcd.data.pack.PackItem;
import io.rglcd.data.pack.PackItems;
import io.rglcd.data.pack.PackPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rglcd data pack}. */
@Command(
    name = "pack",
    description = {
      "Make shards of pictures and their captions.",
      "",
      "IMAGES is a folder of jpg, png and webp files, each with its caption in a txt file of the same"
          + " name and, if wanted, a json file. With --tsv captions come from a table as CC12M's"
          + " (address, tab, caption), and pictures are named as img2dataset names them, by the"
          + " number of their line in nine digits, or by a first column that is no address.",
      "",
      "Shards that are there are passed over, so the same command goes on where it was stopped."
          + " Pictures that cannot be used are left out and listed in OUT/bad-samples.jsonl."
    })
final class DataPackCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "IMAGES", description = "Folder of pictures.")
  private Path images;

  @Parameters(paramLabel = "OUT", description = "Directory of the shards.")
  private Path out;

  @Option(names = "--tsv", paramLabel = "FILE", description = "Table of captions.")
  private Path table;

  @Option(
      names = "--max-count",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Samples of a shard at most; ${DEFAULT-VALUE} by default.")
  private int maxCount;

  @Option(
      names = "--max-mib",
      paramLabel = "N",
      defaultValue = "1024",
      description = "MiB of pictures of a shard at most; ${DEFAULT-VALUE} by default.")
  private int maxMib;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Shards that are written at a time; as many as processors by default.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() {
    if (maxCount < 1 || maxMib < 1 || threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--max-count, --max-mib and --threads (expected: at least 1)");
    }
    List<PackItem> items =
        table == null ? PackItems.ofFolder(images) : PackItems.ofTable(table, images);
    new PackRun(PackPlan.of(items, maxCount, (long) maxMib << 20), out, threads)
        .run(spec.commandLine().getOut());
    return 0;
  }
}
