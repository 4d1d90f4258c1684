package io.rglcd.cluster.kubernetes;

import com.typesafe.config.ConfigFactory;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A Kubernetes API server over TLS on loopback that knows pods, and what a pod finds mounted. */
public final class MockKubernetesApi implements AutoCloseable {

  static final String NAMESPACE = "rglcd";

  /** Value of the label app.kubernetes.io/instance. */
  public static final String CLUSTER = "rglcd";

  /** Says what it sends, as a real server does; Akka does not guess. */
  private static final class Typed extends KubernetesCrudDispatcher {

    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      String resource = request.getPath().replaceFirst("\\?.*", "");
      MockResponse response =
          refused.stream().anyMatch(of -> (request.getMethod() + " " + resource).matches(of))
              ? new MockResponse().setResponseCode(403).setBody("{\"kind\":\"Status\"}")
              : super.dispatch(request);
      return response.setHeader("Content-Type", "application/json");
    }
  }

  private final Typed dispatcher = new Typed();
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
    server = new KubernetesMockServer(new Context(), web, new HashMap<>(), dispatcher, true);
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

  /** Adds a running pod with nothing but a name. */
  public void addPod(String name) {
    client
        .pods()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .build())
        .create();
  }

  /** An annotation of a pod; empty if it has none. */
  public String annotation(String pod, String key) {
    return Optional.ofNullable(
            client.pods().inNamespace(NAMESPACE).withName(pod).get().getMetadata())
        .map(ObjectMeta::getAnnotations)
        .map(annotations -> annotations.get(key))
        .orElse("");
  }

  /** A lease as it is. */
  public Optional<LeaseSpec> lease(String name) {
    return Optional.ofNullable(client.leases().inNamespace(NAMESPACE).withName(name).get())
        .map(Lease::getSpec);
  }

  /**
   * Refuses requests from now on, as to an account without permission.
   *
   * @param requests method and path, as an expression
   */
  public void refuse(String requests) {
    dispatcher.refused.add(requests);
  }

  /** Refuses nothing any more. */
  public void refuseNothing() {
    dispatcher.refused.clear();
  }

  /** The API as a node in a pod has it. */
  KubernetesApi open() {
    Map<String, String> settings =
        Map.of(
            "api-service-host-env-name", "KUBERNETES_SERVICE_HOST",
            "api-service-port-env-name", "KUBERNETES_SERVICE_PORT",
            "api-ca-path", account.resolve("ca.crt").toString(),
            "api-token-path", account.resolve("token").toString(),
            "pod-namespace-path", account.resolve("namespace").toString());
    return KubernetesApi.open(
        ConfigFactory.parseMap(settings),
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            web.getHostName(),
            "KUBERNETES_SERVICE_PORT",
            Integer.toString(web.getPort())));
  }

  /** Port of the server, on this machine. */
  public int port() {
    return web.getPort();
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
