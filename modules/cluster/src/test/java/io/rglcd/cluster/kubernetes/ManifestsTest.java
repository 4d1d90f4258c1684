package io.rglcd.cluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests in k8s/base, against the models of Kubernetes and against each other. */
class ManifestsTest {

  private static final Path BASE = Path.of("../../k8s/base");
  private static final String COMPONENT = "app.kubernetes.io/component";

  private final Manifests written = Manifests.in(BASE);

  @Test
  void aFieldThatKubernetesDoesNotKnowIsFound() {
    String text =
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      hostNetwrk: true\n";
    assertThatThrownBy(() -> Manifests.parse(List.of(text))).hasMessageContaining("hostNetwrk");
  }

  @Test
  void kustomizationNamesEveryFile() throws IOException {
    String kustomization = Files.readString(BASE.resolve("kustomization.yaml"));
    try (Stream<Path> files = Files.list(BASE)) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertThat(names).contains("coordinators.yaml");
      assertThat(names)
          .filteredOn(name -> !name.equals("kustomization.yaml"))
          .allSatisfy(name -> assertThat(kustomization).contains("  - " + name + "\n"));
    }
  }

  @Test
  void eachDeploymentSelectsItsOwnPodsAndRunsItsOwnRole() {
    assertThat(written.names(Deployment.class))
        .containsExactlyInAnyOrder("rglcd-coordinators", "rglcd-workers", "rglcd-loaders");
    for (Deployment deployment : written.of(Deployment.class)) {
      Map<String, String> selector = deployment.getSpec().getSelector().getMatchLabels();
      String component = selector.get(COMPONENT);
      assertThat(deployment.getMetadata().getName()).isEqualTo("rglcd-" + component + "s");
      assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
          .containsAllEntriesOf(selector);
      assertThat(container(deployment).getArgs())
          .contains("--roles=" + component, "--discovery=kubernetes", "--host=$(POD_IP)");
      assertThat(pod(deployment).getServiceAccountName()).isEqualTo("rglcd-" + component);
    }
  }

  @Test
  void anUpdateNeverStartsMoreNodesThanThereAreDevicesOrCoordinators() {
    assertThat(written.of(Deployment.class))
        .allSatisfy(
            deployment -> {
              var update = deployment.getSpec().getStrategy().getRollingUpdate();
              assertThat(update.getMaxSurge().getIntVal()).isZero();
              assertThat(update.getMaxUnavailable().getIntVal()).isEqualTo(1);
            });
  }

  @Test
  void twoCoordinatorsFoundTheClusterAndEitherGoesOnWithTheLease() throws IOException {
    assertThat(deployment("coordinator").getSpec().getReplicas()).isEqualTo(2);
    PodDisruptionBudget budget = written.of(PodDisruptionBudget.class).get(0);
    assertThat(budget.getSpec().getMinAvailable().getIntVal()).isEqualTo(1);
    assertThat(budget.getSpec().getSelector().getMatchLabels())
        .isEqualTo(deployment("coordinator").getSpec().getSelector().getMatchLabels());
    assertThat(conf()).contains("downing = \"lease-majority\"", "contact-points = 2");
  }

  @Test
  void probesAskTheManagementPort() throws IOException {
    for (Deployment deployment : written.of(Deployment.class)) {
      Container container = container(deployment);
      assertThat(asks(container.getReadinessProbe())).isEqualTo("management/ready");
      assertThat(asks(container.getLivenessProbe())).isEqualTo("management/alive");
      assertThat(asks(container.getStartupProbe())).isEqualTo("management/alive");
      assertThat(port(container, "management")).isEqualTo(8558);
      assertThat(container.getArgs()).contains("--port=" + port(container, "actors"));
    }
    assertThat(conf()).contains("management-port = 8558");
  }

  @Test
  void servicesLeadToCoordinatorsAlsoWhileTheyWaitForEachOther() {
    Container container = container(deployment("coordinator"));
    assertThat(written.of(Service.class))
        .hasSize(2)
        .allSatisfy(
            service -> {
              assertThat(service.getSpec().getSelector()).containsEntry(COMPONENT, "coordinator");
              assertThat(service.getSpec().getPorts())
                  .allSatisfy(
                      port ->
                          assertThat(port.getPort())
                              .isEqualTo(port(container, port.getTargetPort().getStrVal())));
            });
    assertThat(written.of(Service.class))
        .filteredOn(service -> "None".equals(service.getSpec().getClusterIP()))
        .singleElement()
        .satisfies(s -> assertThat(s.getSpec().getPublishNotReadyAddresses()).isTrue());
  }

  @Test
  void everyNodeMayListPodsAndAnnotateThemAndCoordinatorsMayHoldTheLease() throws IOException {
    assertThat(written.names(Role.class))
        .containsExactlyInAnyOrder("rglcd-discovery", "rglcd-deletion-cost", "rglcd-lease");
    assertThat(rules("rglcd-discovery"))
        .containsExactly(rule("", "pods", "get", "list", "watch").build());
    assertThat(rules("rglcd-deletion-cost"))
        .containsExactly(rule("", "pods", "get", "patch").build());
    assertThat(rules("rglcd-lease"))
        .as("all that the probe asks for, of the one lease that is configured")
        .containsExactlyInAnyOrder(
            rule("coordination.k8s.io", "leases", "get", "update")
                .withResourceNames("rglcd-coordinators")
                .build(),
            rule("coordination.k8s.io", "leases", "create").build());
    assertThat(conf()).contains("pod-deletion-cost = true").doesNotContain("lease-name");
    assertThat(subjects("rglcd-lease")).containsExactly("rglcd-coordinator");
    for (String role : List.of("rglcd-discovery", "rglcd-deletion-cost")) {
      assertThat(subjects(role))
          .containsExactlyInAnyOrderElementsOf(written.names(ServiceAccount.class))
          .containsExactlyInAnyOrderElementsOf(
              written.of(Deployment.class).stream()
                  .map(d -> pod(d).getServiceAccountName())
                  .toList());
    }
  }

  private static PolicyRuleBuilder rule(String group, String resource, String... verbs) {
    return new PolicyRuleBuilder().withApiGroups(group).withResources(resource).withVerbs(verbs);
  }

  private List<PolicyRule> rules(String role) {
    return written.of(Role.class).stream()
        .filter(one -> one.getMetadata().getName().equals(role))
        .flatMap(one -> one.getRules().stream())
        .toList();
  }

  private List<String> subjects(String role) {
    return written.of(RoleBinding.class).stream()
        .filter(binding -> binding.getRoleRef().getName().equals(role))
        .flatMap(binding -> binding.getSubjects().stream())
        .map(Subject::getName)
        .toList();
  }

  @Test
  void volumesExistAndTheRunLiesOnTheSharedOne() throws IOException {
    assertThat(written.of(PersistentVolumeClaim.class))
        .singleElement()
        .satisfies(
            claim -> assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteMany"));
    for (Deployment deployment : written.of(Deployment.class)) {
      assertThat(pod(deployment).getVolumes().stream().map(Volume::getPersistentVolumeClaim))
          .filteredOn(Objects::nonNull)
          .singleElement()
          .satisfies(
              claim ->
                  assertThat(written.names(PersistentVolumeClaim.class))
                      .contains(claim.getClaimName()));
      List<VolumeMount> mounts = container(deployment).getVolumeMounts();
      assertThat(pod(deployment).getVolumes().stream().map(Volume::getName))
          .containsExactlyInAnyOrderElementsOf(mounts.stream().map(VolumeMount::getName).toList());
      assertThat(conf()).contains("output-dir = \"" + mount(mounts, "runs") + "/");
      assertThat(container(deployment).getArgs())
          .contains(mount(mounts, "conf") + "/kubernetes.conf");
    }
  }

  @Test
  void whatTheConfigurationTakesFromTheEnvironmentIsThere() throws IOException {
    Matcher names = Pattern.compile("\\$\\{\\?([A-Z_]+)}").matcher(conf());
    List<String> wanted = names.results().map(match -> match.group(1)).toList();
    assertThat(wanted).contains("RGLCD_CLUSTER", "RGLCD_CLUSTER_SECRET");
    for (Deployment deployment : written.of(Deployment.class)) {
      assertThat(container(deployment).getEnv().stream().map(EnvVar::getName))
          .containsAll(wanted)
          .as("for cluster.pod-deletion-cost")
          .contains("POD_NAME");
    }
  }

  @Test
  void podsHaveNoPrivileges() {
    for (Deployment deployment : written.of(Deployment.class)) {
      assertThat(pod(deployment).getSecurityContext().getRunAsNonRoot()).isTrue();
      var context = container(deployment).getSecurityContext();
      assertThat(context.getAllowPrivilegeEscalation()).isFalse();
      assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
    }
  }

  private static String conf() throws IOException {
    return Files.readString(Path.of("../../conf/kubernetes.conf"));
  }

  private Deployment deployment(String component) {
    return written.of(Deployment.class).stream()
        .filter(d -> d.getMetadata().getName().equals("rglcd-" + component + "s"))
        .findFirst()
        .orElseThrow();
  }

  private static PodSpec pod(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec();
  }

  private static Container container(Deployment deployment) {
    return pod(deployment).getContainers().get(0);
  }

  private static String asks(Probe probe) {
    return probe.getHttpGet().getPort().getStrVal() + probe.getHttpGet().getPath();
  }

  private static int port(Container container, String name) {
    return container.getPorts().stream()
        .filter(port -> port.getName().equals(name))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow();
  }

  private static String mount(List<VolumeMount> mounts, String name) {
    return mounts.stream()
        .filter(mount -> mount.getName().equals(name))
        .map(VolumeMount::getMountPath)
        .findFirst()
        .orElseThrow();
  }
}
