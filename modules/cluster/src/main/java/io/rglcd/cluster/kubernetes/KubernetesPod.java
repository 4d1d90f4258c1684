package io.rglcd.cluster.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/** The pod of this process. */
public final class KubernetesPod implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesApi api;
  private final String name;
  private final ExecutorService thread = KubernetesApi.thread("pod annotations");

  KubernetesPod(KubernetesApi api, String name) {
    this.api = api;
    this.name = name;
  }

  /** Gives it an annotation, or another value of it; does not wait. Fails where that is refused. */
  public CompletionStage<Void> annotate(String key, String value) {
    return CompletableFuture.runAsync(() -> patch(annotation(key, value)), thread);
  }

  private void patch(String change) {
    try {
      api.client()
          .pods()
          .inNamespace(api.namespace())
          .withName(name)
          .patch(PatchContext.of(PatchType.JSON_MERGE), change);
    } catch (KubernetesClientException e) {
      throw api.failed("cannot annotate pod " + name, "patch on pods", e);
    }
  }

  private static String annotation(String key, String value) {
    try {
      return JSON.writeValueAsString(Map.of("metadata", Map.of("annotations", Map.of(key, value))));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
