package io.rglcd.cluster.kubernetes;

import com.typesafe.config.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.rglcd.cluster.TrainingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/** The API server of the cluster whose pod this process runs in, as the pod's service account. */
public final class KubernetesApi implements AutoCloseable {

  /** For a connection, and for an answer; less than what a lease may be late by. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final KubernetesClient client;
  private final String address;
  private final String namespace;

  private KubernetesApi(KubernetesClient client, String address, String namespace) {
    this.client = client;
    this.address = address;
    this.namespace = namespace;
  }

  /**
   * Finds the server as Akka's discovery does; does not ask it anything.
   *
   * @param settings section {@code akka.discovery.kubernetes-api}
   * @param environment of the process
   * @throws TrainingException saying in one sentence that this is no pod
   */
  public static KubernetesApi open(Config settings, Map<String, String> environment) {
    String host = variable(settings.getString("api-service-host-env-name"), environment);
    String port = variable(settings.getString("api-service-port-env-name"), environment);
    String address = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    Path token = Path.of(settings.getString("api-token-path"));
    String namespace = read(Path.of(settings.getString("pod-namespace-path")));
    read(token);
    io.fabric8.kubernetes.client.Config config =
        new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
            .withMasterUrl(address)
            .withCaCertFile(settings.getString("api-ca-path"))
            // Tokens are replaced while the pod runs.
            .withOauthTokenProvider(() -> read(token))
            .withNamespace(namespace)
            .withConnectionTimeout((int) PATIENCE.toMillis())
            .withRequestTimeout((int) PATIENCE.toMillis())
            // Who asks knows when to ask again.
            .withRequestRetryBackoffLimit(0)
            .build();
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
    return new KubernetesApi(client, address, namespace);
  }

  private static String variable(String name, Map<String, String> environment) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new TrainingException(
          "environment variable "
              + name
              + ": not set (expected: the API server's, as in a pod of Kubernetes)");
    }
    return value;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new TrainingException(
          file + " cannot be read (expected: what Kubernetes mounts for a service account)",
          new UncheckedIOException(e));
    }
  }

  /**
   * A lease of this namespace.
   *
   * @param holder name that it is held by from here
   * @param clock for the times that people read in it
   * @param nanos a monotonic clock, by which leases run out
   */
  public KubernetesLease lease(
      String name, String holder, InstantSource clock, LongSupplier nanos) {
    return new KubernetesLease(this, name, holder, clock, nanos);
  }

  /** The pod of this process. */
  public KubernetesPod pod(String name) {
    return new KubernetesPod(this, name);
  }

  KubernetesClient client() {
    return client;
  }

  /**
   * What a failed request means, in one sentence.
   *
   * @param what was to be done to which object
   * @param grant the permission that it takes
   */
  TrainingException failed(String what, String grant, KubernetesClientException failure) {
    return new TrainingException(
        what
            + " in namespace "
            + namespace
            + (isRefusal(failure)
                ? ": not allowed (expected: " + grant + " granted to the pod's service account)"
                : ": the API server at " + address + " says: " + innermost(failure)),
        failure);
  }

  /** Whether the server has answered that it is not allowed. */
  static boolean isRefusal(Throwable failure) {
    return failure instanceof KubernetesClientException answer
        && (answer.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            || answer.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED);
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = Optional.ofNullable(cause.getMessage()).orElse("");
    return message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  String namespace() {
    return namespace;
  }

  /** A thread that waits for the server in place of others, and keeps nobody from ending. */
  static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public void close() {
    client.close();
  }
}
