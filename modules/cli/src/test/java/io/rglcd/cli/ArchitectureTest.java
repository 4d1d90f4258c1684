package io.rglcd.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.rglcd.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.rglcd");

  @Test
  void allModulesAreLookedAt() {
    assertThat(
            CLASSES.stream()
                .map(c -> c.getPackageName().replaceAll("io\\.rglcd\\.(\\w+).*", "$1"))
                .distinct())
        .contains(
            "tensor",
            "models",
            "diffusion",
            "rewards",
            "distill",
            "data",
            "cluster",
            "server",
            "starter",
            "cli");
  }

  @Test
  void dependenciesPointDownwards() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("tensor")
        .definedBy("io.rglcd.tensor..")
        .layer("models")
        .definedBy("io.rglcd.models..")
        .layer("diffusion")
        .definedBy("io.rglcd.diffusion..")
        .layer("rewards")
        .definedBy("io.rglcd.rewards..")
        .layer("distill")
        .definedBy("io.rglcd.distill..")
        .layer("data")
        .definedBy("io.rglcd.data..")
        .layer("cluster")
        .definedBy("io.rglcd.cluster..")
        .layer("server")
        .definedBy("io.rglcd.server..")
        .layer("starter")
        .definedBy("io.rglcd.starter..")
        .layer("cli")
        .definedBy("io.rglcd.cli..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("starter")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("server")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("cluster")
        .mayOnlyBeAccessedByLayers("server", "cli")
        .whereLayer("data")
        .mayOnlyBeAccessedByLayers("cluster", "server", "cli")
        .whereLayer("distill")
        .mayOnlyBeAccessedByLayers("cluster", "server", "cli")
        .whereLayer("rewards")
        .mayOnlyBeAccessedByLayers("distill", "cluster", "server", "cli")
        .whereLayer("diffusion")
        .mayOnlyBeAccessedByLayers("rewards", "distill", "cluster", "server", "cli")
        .whereLayer("models")
        .mayOnlyBeAccessedByLayers("diffusion", "rewards", "distill", "cluster", "server", "cli")
        .check(CLASSES);
  }

  @Test
  void dataKnowsNoLayerButTensor() {
    noClasses()
        .that()
        .resideInAPackage("io.rglcd.data..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.rglcd.models..", "io.rglcd.diffusion..", "io.rglcd.rewards..")
        .check(CLASSES);
  }

  @Test
  void tensorKnowsNoOtherModule() {
    noClasses()
        .that()
        .resideInAPackage("io.rglcd.tensor..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.rglcd.data..", "io.rglcd.models..", "io.rglcd.starter..")
        .check(CLASSES);
  }

  @Test
  void coreTakesNoTimeAndNoChanceFromTheSystem() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.rglcd.tensor..",
            "io.rglcd.models..",
            "io.rglcd.diffusion..",
            "io.rglcd.rewards..",
            "io.rglcd.distill..",
            "io.rglcd.data..",
            "io.rglcd.cluster..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }

  /** Such tensors lend the engine memory that the JVM frees while a graph may still read it. */
  @Test
  void onlyTheTensorModuleMakesTensorsByDjlsManager() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.rglcd.tensor..")
        .should()
        .callMethodWhere(
            target(nameMatching("create")).and(target(owner(assignableTo(NDManager.class)))))
        .check(CLASSES);
  }

  /** Such a scope is on the CPU, wherever the models are whose tensors meet it. */
  @Test
  void whatComputesSaysOnWhichDevice() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.rglcd.models..",
            "io.rglcd.diffusion..",
            "io.rglcd.rewards..",
            "io.rglcd.distill..",
            "io.rglcd.cluster.actor..",
            "io.rglcd.cluster.collective..",
            "io.rglcd.cli.run..")
        .should()
        .callMethod(Scope.class, "open")
        .orShould()
        .callMethod(Engine.class, "newBaseManager")
        .check(CLASSES);
  }

  /** A function that makes a tensor without naming a device makes it on the CPU. */
  @Test
  void functionsSayOnWhichDeviceTheyMakeTensors() throws IOException {
    Pattern factory =
        Pattern.compile(
            "torch\\.(arange|empty|eye|full|linspace|logspace|normal|ones|rand|randint|randn"
                + "|randperm|scalar_tensor|tensor|zeros)\\((?!.*device=)");
    List<String> forgetful = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("").toAbsolutePath().getParent())) {
      for (Path file : files.filter(f -> f.toString().matches(".*/src/main/.*\\.java")).toList()) {
        Files.readAllLines(file).stream()
            .filter(line -> factory.matcher(line).find())
            .forEach(line -> forgetful.add(file.getFileName() + ": " + line.strip()));
      }
    }
    assertThat(forgetful).isEmpty();
  }

  @Test
  void productDoesNotUseTheBench() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.rglcd.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.rglcd.bench..")
        .check(CLASSES);
  }
}
