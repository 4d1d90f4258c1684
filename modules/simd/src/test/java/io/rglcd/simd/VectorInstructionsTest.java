package io.rglcd.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class VectorInstructionsTest {

  /** Says whether they are usable. */
  static final class Main {

    private Main() {}

    public static void main(String[] arguments) {
      System.out.println(VectorInstructions.areUsable());
    }
  }

  private static String usable(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    return said.strip();
  }

  @Test
  @Timeout(60)
  void withoutTheModuleThereAreNone() throws IOException, InterruptedException {
    assertThat(usable()).isEqualTo("false");
  }

  @Test
  @Timeout(60)
  void narrowOnesAreNotUsed() throws IOException, InterruptedException {
    assertThat(usable("--add-modules", "jdk.incubator.vector", "-XX:MaxVectorSize=16"))
        .isEqualTo("false");
  }
}
