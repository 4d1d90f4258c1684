package io.rglcd.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number of the originals that is recorded in the test resources. */
class GoldenCasesTest {

  @BeforeAll
  static void oneThreadIsFasterForTinyNetworks() {
    Torch.setIntraOpThreads(1);
  }

  static final Path GOLDEN = Path.of("src/test/resources/golden");

  private final ConformanceRunner runner = new ConformanceRunner();

  static Stream<String> cases() throws IOException {
    try (Stream<Path> entries = Files.list(GOLDEN)) {
      return entries
          .filter(entry -> Files.exists(entry.resolve("case.json")))
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsTheOriginal(String name) {
    CaseResult result = runner.runCase(GOLDEN.resolve(name));

    assertThat(result.supported()).isTrue();
    assertThat(result.tensors()).isNotEmpty();
    assertThat(result.tensors().stream().filter(tensor -> !tensor.pass())).isEmpty();
  }

  @Test
  void hasACaseOfEverySupportedKind() throws IOException {
    List<String> kinds =
        cases()
            .map(name -> CaseDirectory.readJson(GOLDEN.resolve(name).resolve("case.json")))
            .map(json -> json.path("kind").asText())
            .toList();

    assertThat(kinds).containsAll(runner.kinds());
  }
}
