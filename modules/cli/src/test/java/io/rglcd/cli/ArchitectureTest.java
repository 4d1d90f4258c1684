package io.rglcd.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.rglcd", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule dependenciesPointDownwards =
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
          .mayOnlyBeAccessedByLayers("diffusion", "rewards", "distill", "cluster", "server", "cli");

  @ArchTest
  static final ArchRule dataKnowsNoLayerButTensor =
      noClasses()
          .that()
          .resideInAPackage("io.rglcd.data..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.rglcd.models..", "io.rglcd.diffusion..", "io.rglcd.rewards..");

  @ArchTest
  static final ArchRule tensorKnowsNoOtherModule =
      noClasses()
          .that()
          .resideInAPackage("io.rglcd.tensor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.rglcd.data..", "io.rglcd.models..", "io.rglcd.starter..");

  @ArchTest
  static final ArchRule coreTakesNoTimeAndNoChanceFromTheSystem =
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
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule productDoesNotUseTheBench =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.rglcd.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.rglcd.bench..");
}
