package io.rglcd.cli.command;

import io.rglcd.cli.report.ContactSheet;
import io.rglcd.data.BadSample;
import io.rglcd.data.DataSet;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import io.rglcd.data.survey.ShardSurvey;
import io.rglcd.data.survey.SurveyResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rglcd data inspect}. */
@Command(
    name = "inspect",
    description = "Read all samples of shards; show the first ones and all that cannot be used.")
final class DataInspectCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ShardArguments shards;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "8",
      description = "Samples that are shown; ${DEFAULT-VALUE} by default.")
  private int count;

  @Option(
      names = "--sheet",
      paramLabel = "FILE.png",
      description = "Picture with these samples and their captions.")
  private Path sheet;

  @Override
  public Integer call() {
    DataSet data = shards.open();
    ShardSurvey survey = new ShardSurvey();
    SurveyResult result = survey.of(data);
    PrintWriter out = spec.commandLine().getOut();
    for (ShardIndex shard : data.shards()) {
      out.println(shard.source().name() + ": " + shard.samples().size() + " samples");
    }
    data.shards().stream()
        .flatMap(shard -> shard.samples().stream())
        .limit(count)
        .forEach(sample -> out.println("  " + describe(sample)));
    data.damages().forEach(damage -> out.println("damaged shard: " + damage));
    for (BadSample bad : result.bad()) {
      out.println("bad: " + bad);
    }
    out.printf(
        "%,d samples in %,d shards, %.1f MiB, %,d of them cannot be used%n",
        result.samples(), result.shards(), result.bytes() / 1048576.0, result.bad().size());
    if (sheet != null) {
      ContactSheet.write(sheet, survey.first(data, Math.max(1, count)));
      out.println("contact sheet " + sheet);
    }
    out.flush();
    return 0;
  }

  private static String describe(SampleEntry sample) {
    List<SampleEntry.Field> fields = sample.fields();
    return BadSample.printable(sample.key())
        + ": "
        + fields.stream()
            .map(field -> field.name() + " (" + field.size() + ")")
            .collect(Collectors.joining(", "));
  }
}
