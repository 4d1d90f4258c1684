package io.rglcd.cli.command;

import io.rglcd.cli.config.TrainConfig;
import io.rglcd.data.DataSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** Shards that are named on the command line. */
final class ShardArguments {

  @Parameters(
      paramLabel = "SHARDS",
      arity = "1..*",
      description = "Paths and addresses, as data.train-shards takes them.")
  private List<String> shards;

  /** Opens them; a server's token comes from the environment. */
  DataSet open() {
    return DataSet.find(
        shards, TrainConfig.starter(Map.of()).data().sources().options(System.getenv()));
  }
}
