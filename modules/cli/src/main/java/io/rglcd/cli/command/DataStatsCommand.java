package io.rglcd.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.rglcd.data.DataSet;
import io.rglcd.data.survey.ShardSurvey;
import io.rglcd.data.survey.Spread;
import io.rglcd.data.survey.SurveyResult;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rglcd data stats}. */
@Command(
    name = "stats",
    description = "Read all samples of shards and say how their sizes and captions are spread.")
final class DataStatsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ShardArguments shards;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    DataSet data = shards.open();
    long began = System.nanoTime();
    SurveyResult result = new ShardSurvey().of(data);
    double seconds = Math.max(1e-9, (System.nanoTime() - began) / 1e9);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(figures(result, seconds)));
    } else {
      print(result, seconds, out);
    }
    out.flush();
    return 0;
  }

  private static Map<String, Object> figures(SurveyResult result, double seconds) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("shards", result.shards());
    figures.put("samples", result.samples());
    figures.put("bytes", result.bytes());
    figures.put("width", result.widths());
    figures.put("height", result.heights());
    figures.put("aspect", result.aspects());
    figures.put("caption_length", result.captions());
    figures.put("shorter_side", result.shorterSides());
    figures.put("bad", result.badByReason());
    figures.put("damaged_shards", result.damages().size());
    figures.put("samples_per_second", result.samples() / seconds);
    figures.put("mib_per_second", result.bytes() / 1048576.0 / seconds);
    return figures;
  }

  private static void print(SurveyResult result, double seconds, PrintWriter out) {
    out.printf(
        "samples         %,d in %,d shards, %.1f MiB%n",
        result.samples(), result.shards(), result.bytes() / 1048576.0);
    line(out, "width", result.widths());
    line(out, "height", result.heights());
    line(out, "aspect", result.aspects());
    line(out, "caption length", result.captions());
    result
        .shorterSides()
        .forEach((side, n) -> out.printf("shorter side    %d to %d: %,d%n", side, 2 * side - 1, n));
    result
        .badByReason()
        .forEach((reason, n) -> out.printf("cannot be used  %,d x %s%n", n, reason));
    result.damages().forEach(damage -> out.println("damaged shard   " + damage));
    out.printf(
        "read            %.1f samples/s, %.1f MiB/s%n",
        result.samples() / seconds, result.bytes() / 1048576.0 / seconds);
  }

  private static void line(PrintWriter out, String what, Spread spread) {
    out.printf(
        "%-15s %.4g to %.4g, half of them up to %.4g%n",
        what, spread.min(), spread.max(), spread.median());
  }
}
