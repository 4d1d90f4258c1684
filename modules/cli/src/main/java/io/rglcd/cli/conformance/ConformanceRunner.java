package io.rglcd.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.tensor.Torch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Runs cases and reports. A case that cannot be run is a case that did not pass; it never ends the
 * run.
 */
public final class ConformanceRunner {

  private final Map<String, CaseRunner> runners = new TreeMap<>();

  /** A runner of every kind that is supported. */
  public ConformanceRunner() {
    this(
        List.of(
            new UnetCase(),
            new VaeCase(),
            new ScheduleCase(),
            new LcmSamplingCase(),
            new DdimSamplingCase(),
            new RgLcdStepCase(),
            new OpenClipCase(),
            new ClipRewardCase(),
            new ClipTextCase(),
            new HfClipCase(),
            new TokenizerCase(),
            new PreprocessCase(),
            new WebDatasetCase()));
  }

  ConformanceRunner(List<CaseRunner> runners) {
    runners.forEach(runner -> this.runners.put(runner.kind(), runner));
  }

  /** The kinds of case that can be run, sorted. */
  public Set<String> kinds() {
    return Set.copyOf(runners.keySet());
  }

  /**
   * Runs every case below the given directories, with one thread an operation in the whole process:
   * the cases' networks are so small that sharing an operation costs ten times what it saves.
   *
   * @param directories case directories or parents of them at any depth
   * @param json where the machine-readable report goes, if anywhere
   * @param out where the table goes
   * @return 0 if there were cases and all of them passed, else 1
   */
  public int run(List<Path> directories, Optional<Path> json, PrintWriter out) {
    Torch.setIntraOpThreads(1);
    try {
      List<CaseResult> results = new ArrayList<>();
      for (Path directory : find(directories)) {
        results.add(runCase(directory));
      }
      ConformanceReport report = new ConformanceReport(results);
      report.print(out);
      json.ifPresent(report::writeJson);
      return results.stream().allMatch(CaseResult::passed) ? 0 : 1;
    } catch (ConformanceException e) {
      out.println(e.getMessage());
      return 1;
    } finally {
      out.flush();
    }
  }

  private static Set<Path> find(List<Path> directories) {
    Set<Path> found = new LinkedHashSet<>();
    for (Path directory : directories) {
      int before = found.size();
      try (Stream<Path> tree = Files.walk(directory)) {
        tree.filter(file -> file.endsWith("case.json"))
            .map(file -> file.toAbsolutePath().normalize().getParent())
            .sorted()
            .forEach(found::add);
      } catch (IOException | UncheckedIOException e) {
        throw new ConformanceException(
            "directory " + directory + ": cannot be read (expected: an existing directory)", e);
      }
      if (found.size() == before && !found.contains(directory.toAbsolutePath().normalize())) {
        throw new ConformanceException(
            "directory " + directory + ": holds no case (expected: case.json in it or below it)");
      }
    }
    return found;
  }

  /** Runs one case. */
  CaseResult runCase(Path path) {
    String name = path.getFileName().toString();
    String kind = "";
    try {
      JsonNode caseJson = CaseDirectory.readJson(path.resolve("case.json"));
      kind = caseJson.path("kind").asText();
      CaseRunner runner = runners.get(kind);
      if (runner == null) {
        return unsupported(name, kind);
      }
      return new CaseResult(name, kind, true, compare(name, path, caseJson, runner));
    } catch (RuntimeException e) {
      return new CaseResult(
          name, kind, true, List.of(TensorResult.failure(name, kind, "", sentence(e))));
    }
  }

  private CaseResult unsupported(String name, String kind) {
    String message =
        "kind: "
            + (kind.isEmpty() ? "none" : kind)
            + " is not supported (expected: one of "
            + String.join(", ", runners.keySet())
            + ")";
    return new CaseResult(
        name, kind, false, List.of(TensorResult.failure(name, kind, "", message)));
  }

  private static List<TensorResult> compare(
      String name, Path path, JsonNode caseJson, CaseRunner runner) {
    try (CaseDirectory directory = CaseDirectory.open(path, caseJson)) {
      Comparison comparison = new Comparison(name, directory);
      if (comparison.awaited().isEmpty()) {
        throw new ConformanceException("io.safetensors: no expected tensor in it");
      }
      try {
        runner.run(directory, comparison);
        return comparison.finish();
      } catch (RuntimeException e) {
        List<TensorResult> results = new ArrayList<>(comparison.results());
        results.add(TensorResult.failure(name, runner.kind(), "", sentence(e)));
        return results;
      }
    }
  }

  private static String sentence(RuntimeException e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message.strip();
  }
}
