package io.rglcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell launcher on machines that lack something. */
class LauncherTest {

  @TempDir Path folder;
  private Path bin;

  @BeforeEach
  void makeAMachineWithNothingButTheShell() throws IOException {
    Path launcher = Path.of("").toAbsolutePath().resolve("../../rglcd").normalize();
    Files.copy(launcher, folder.resolve("rglcd"));
    Files.createDirectories(folder.resolve("modules/cli/src/main"));
    Files.createDirectories(folder.resolve("conf"));
    Files.writeString(folder.resolve("pom.xml"), "");
    Files.writeString(folder.resolve("modules/cli/pom.xml"), "");
    bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool :
        List.of(
            "bash",
            "dirname",
            "readlink",
            "sed",
            "head",
            "find",
            "mkdir",
            "touch",
            "mv",
            "tail",
            "flock")) {
      Files.createSymbolicLink(bin.resolve(tool), which(tool));
    }
  }

  private static Path which(String tool) {
    return List.of("/usr/bin", "/bin").stream()
        .map(directory -> Path.of(directory, tool))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  private void fake(String tool, String script) throws IOException {
    Path file = Files.writeString(bin.resolve(tool), "#!/usr/bin/env bash\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String fails() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            bin.resolve("bash").toString(), folder.resolve("rglcd").toString(), "demo");
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    Process process = builder.redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(1);
    return said;
  }

  @Test
  void withoutJavaItNamesTheRemedy() throws Exception {
    assertThat(fails())
        .isEqualTo(
            "rglcd: no java found (install a JDK 17 or newer, on Debian 12:"
                + " apt install openjdk-17-jdk-headless)");
  }

  @Test
  void oldJavaIsRefusedByItsVersion() throws Exception {
    fake("java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
    assertThat(fails()).endsWith("java is version 11 (expected: 17 or newer)");
  }

  @Test
  void withoutMavenItNamesTheRemedy() throws Exception {
    fake("java", "echo 'openjdk version \"17.0.2\" 2022-01-18' >&2");
    assertThat(fails())
        .isEqualTo("rglcd: no mvn found (install Maven, on Debian 12: apt install maven)");
  }

  @Test
  void failedBuildShowsTheEndOfItsLogAndWhereTheRestIs() throws Exception {
    fake("java", "echo 'openjdk version \"17.0.2\" 2022-01-18' >&2");
    fake("mvn", "echo 'it does not compile'; exit 1");
    assertThat(fails())
        .contains("it does not compile")
        .endsWith("the build failed; the whole log is " + folder.resolve("target/build.log"));
    assertThat(folder.resolve("target/build.stamp")).doesNotExist();
  }
}
