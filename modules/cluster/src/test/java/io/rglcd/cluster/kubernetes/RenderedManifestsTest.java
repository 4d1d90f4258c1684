package io.rglcd.cluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kustomize makes of the manifests; skipped where there is no kubectl. */
class RenderedManifestsTest {

  private static final Path BASE = Path.of("../../k8s/base");
  private static final String COMPONENT = "app.kubernetes.io/component";
  private static final String INSTANCE = "app.kubernetes.io/instance";

  private final Manifests written = Manifests.in(BASE);

  @Test
  void renderedObjectsShareOneLabelNamespaceAndConfiguration() throws Exception {
    Manifests rendered = rendered(BASE);
    assertThat(rendered.objects()).hasSize(written.objects().size() + 1);
    assertThat(rendered.objects())
        .allSatisfy(
            object ->
                assertThat(object.getMetadata().getLabels()).containsEntry(INSTANCE, "rglcd"));
    ConfigMap conf = rendered.of(ConfigMap.class).get(0);
    assertThat(conf.getData())
        .containsEntry("kubernetes.conf", Files.readString(Path.of("../../conf/kubernetes.conf")));
    for (Deployment deployment : rendered.of(Deployment.class)) {
      assertThat(deployment.getMetadata().getNamespace()).isEqualTo("rglcd");
      Map<String, String> selector = deployment.getSpec().getSelector().getMatchLabels();
      assertThat(selector).containsEntry(INSTANCE, "rglcd").containsKey(COMPONENT);
      assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
          .containsAllEntriesOf(selector);
      assertThat(pod(deployment).getContainers().get(0).getImage()).isEqualTo("rglcd:latest");
      assertThat(pod(deployment).getVolumes().get(0).getConfigMap().getName())
          .isEqualTo(conf.getMetadata().getName());
    }
  }

  @Test
  void anotherNamespaceTakesAllObjectsAndPermissionsWithIt(@TempDir Path folder) throws Exception {
    Path base = folder.toRealPath().relativize(BASE.toRealPath());
    Files.writeString(
        folder.resolve("kustomization.yaml"), "namespace: second\nbases:\n  - " + base + "\n");
    Manifests rendered = rendered(folder);
    assertThat(rendered.names(Namespace.class)).containsExactly("second");
    assertThat(rendered.objects())
        .filteredOn(object -> !(object instanceof Namespace))
        .hasSize(written.objects().size())
        .allSatisfy(o -> assertThat(o.getMetadata().getNamespace()).isEqualTo("second"));
    assertThat(rendered.of(RoleBinding.class).stream().flatMap(b -> b.getSubjects().stream()))
        .extracting(Subject::getNamespace)
        .containsOnly("second");
  }

  private static Manifests rendered(Path folder) throws Exception {
    Optional<Path> kubectl =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry, "kubectl"))
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(kubectl.isPresent(), "no kubectl on the PATH");
    Process process =
        new ProcessBuilder(kubectl.get().toString(), "kustomize", folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isZero();
      return Manifests.parse(List.of(text));
    }
  }

  private static PodSpec pod(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec();
  }
}
