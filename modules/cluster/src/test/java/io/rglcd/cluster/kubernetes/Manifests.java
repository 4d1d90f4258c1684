package io.rglcd.cluster.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Manifests, parsed so that a field that Kubernetes does not know is an error. */
record Manifests(List<HasMetadata> objects) {

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated member) {
                  return false;
                }
              });

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Stream.of(
              Namespace.class,
              ServiceAccount.class,
              Role.class,
              RoleBinding.class,
              ConfigMap.class,
              PersistentVolumeClaim.class,
              Service.class,
              Deployment.class,
              PodDisruptionBudget.class)
          .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  /** Documents of texts in YAML. */
  static Manifests parse(List<String> texts) {
    List<HasMetadata> objects = new ArrayList<>();
    for (String text : texts) {
      for (JsonNode document : documents(text)) {
        objects.add(strict(document));
      }
    }
    return new Manifests(List.copyOf(objects));
  }

  /** Those of the files of a directory, but for its kustomization. */
  static Manifests in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return parse(
          files.filter(file -> !file.endsWith("kustomization.yaml")).map(Manifests::read).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> documents(String text) {
    try (var values =
        YAML.readerFor(JsonNode.class).<JsonNode>readValues(YAML.createParser(text))) {
      return values.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HasMetadata strict(JsonNode document) {
    String kind = document.path("kind").asText();
    if (!KINDS.containsKey(kind)) {
      throw new IllegalArgumentException("kind '" + kind + "' (expected: one of " + KINDS + ")");
    }
    try {
      HasMetadata object = YAML.treeToValue(document, KINDS.get(kind));
      String version = KINDS.get(kind).getDeclaredConstructor().newInstance().getApiVersion();
      if (!object.getApiVersion().equals(version)) {
        throw new IllegalArgumentException(kind + " of " + object.getApiVersion());
      }
      return object;
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalArgumentException(kind + ": " + e.getMessage(), e);
    }
  }

  /** Those of a kind. */
  <T extends HasMetadata> List<T> of(Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Names of those of a kind. */
  List<String> names(Class<? extends HasMetadata> kind) {
    return of(kind).stream().map(object -> object.getMetadata().getName()).toList();
  }
}
