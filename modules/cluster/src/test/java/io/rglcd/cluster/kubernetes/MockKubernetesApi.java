package io.rglcd.cluster.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;

/** A Kubernetes API server over TLS on loopback that knows pods, and what a pod finds mounted. */
public final class MockKubernetesApi implements AutoCloseable {

  static final String NAMESPACE = "rglcd";

  /** Value of the label app.kubernetes.io/instance. */
  public static final String CLUSTER = "rglcd";

  /** Says what it sends, as a real server does; Akka does not guess. */
  private static final class Typed extends KubernetesCrudDispatcher {

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      return super.dispatch(request).setHeader("Content-Type", "application/json");
    }
  }

  private final MockWebServer web = new MockWebServer();
  private final KubernetesMockServer server;
  private final NamespacedKubernetesClient client;
  private final Path account;

  /**
   * Starts it.
   *
   * @param account directory that takes certificate, token and namespace of a service account
   */
  public MockKubernetesApi(Path account) {
    this.account = account;
    server = new KubernetesMockServer(new Context(), web, new HashMap<>(), new Typed(), true);
    server.init(InetAddress.getLoopbackAddress(), 0);
    client = server.createClient();
    try {
      Files.createDirectories(account);
      Files.copy(
          Path.of(web.getSelfSignedCertificate().certificatePath()), account.resolve("ca.crt"));
      Files.writeString(account.resolve("token"), "a-token");
      Files.writeString(account.resolve("namespace"), NAMESPACE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lists a running pod with an address of loopback and a port named management. */
  public void addPod(String component, String address, int managementPort) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(component + "-" + address.replace('.', '-'))
            .withNamespace(NAMESPACE)
            .addToLabels("app.kubernetes.io/instance", CLUSTER)
            .addToLabels("app.kubernetes.io/component", component)
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("rglcd")
            .addNewPort()
            .withName("management")
            .withContainerPort(managementPort)
            .endPort()
            .endContainer()
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .withPodIP(address)
            .endStatus()
            .build();
    client.pods().resource(pod).create();
  }

  /** A command that runs another one as in a container of a pod. */
  public List<String> container() {
    return List.of(
        "env",
        "KUBERNETES_SERVICE_HOST=" + web.getHostName(),
        "KUBERNETES_SERVICE_PORT=" + web.getPort(),
        "JAVA_TOOL_OPTIONS="
            + mounted("api-ca-path", "ca.crt")
            + mounted("api-token-path", "token")
            + mounted("pod-namespace-path", "namespace"));
  }

  private String mounted(String setting, String file) {
    return " -Dakka.discovery.kubernetes-api." + setting + "=" + account.resolve(file);
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
