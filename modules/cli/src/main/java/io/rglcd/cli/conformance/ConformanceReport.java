package io.rglcd.cli.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Shows results: a table for people, an array for programs. */
final class ConformanceReport {

  private static final int FAILURES_SHOWN = 8;

  private final List<CaseResult> cases;

  ConformanceReport(List<CaseResult> cases) {
    this.cases = cases;
  }

  void print(PrintWriter out) {
    int name = width("case", cases.stream().map(CaseResult::name).toList());
    int kind = width("kind", cases.stream().map(CaseResult::kind).toList());
    String row = "%-" + name + "s  %-" + kind + "s  %8s  %10s  %10s  %s%n";
    out.printf(Locale.ROOT, row, "case", "kind", "tensors", "max abs", "max rel", "result");
    for (CaseResult result : cases) {
      out.printf(
          Locale.ROOT,
          row,
          result.name(),
          result.kind(),
          result.tensors().stream().filter(tensor -> !Double.isNaN(tensor.maxAbs())).count(),
          number(result.worst(TensorResult::maxAbs)),
          number(result.worst(TensorResult::maxRel)),
          result.verdict());
    }
    out.println();
    cases.stream().filter(result -> !result.passed()).forEach(result -> explain(result, out));
    long passed = cases.stream().filter(CaseResult::passed).count();
    out.printf(Locale.ROOT, "%d of %d cases passed.%n", passed, cases.size());
  }

  private static int width(String title, List<String> column) {
    return column.stream().mapToInt(String::length).reduce(title.length(), Math::max);
  }

  private static void explain(CaseResult result, PrintWriter out) {
    List<TensorResult> failed = result.tensors().stream().filter(tensor -> !tensor.pass()).toList();
    out.println(result.name() + ":");
    failed.stream().limit(FAILURES_SHOWN).forEach(tensor -> out.println("  " + sentence(tensor)));
    if (failed.size() > FAILURES_SHOWN) {
      out.println("  and " + (failed.size() - FAILURES_SHOWN) + " more tensors");
    }
    out.println();
  }

  private static String sentence(TensorResult tensor) {
    if (!tensor.message().isEmpty()) {
      return tensor.message();
    }
    return tensor.tensor()
        + " differs by "
        + number(tensor.maxAbs())
        + " (expected: at most "
        + number(tensor.tolerance())
        + ")";
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.2e", value);
  }

  /** Writes one object a tensor. */
  void writeJson(Path file) {
    ArrayNode array = new ObjectMapper().createArrayNode();
    cases.forEach(result -> result.tensors().forEach(tensor -> array.add(tensor.toJson())));
    try {
      Path parent = file.toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Files.writeString(file, array.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new ConformanceException(
          "report " + file + ": cannot be written: " + e + " (expected: a writable path)", e);
    }
  }
}
