package io.rglcd.cluster.management;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.RunStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What a node serves of its cluster's run beside health checks, as JSON: {@code GET /rglcd/status};
 * and for those who carry the {@link ControlToken}, {@code POST /rglcd/pause}, {@code resume},
 * {@code checkpoint}, {@code stop} and {@code drain/NODE}, which answer with the status after it.
 */
public final class ControlRoutes extends AllDirectives implements ManagementRouteProvider {

  private static final String NO_COORDINATOR =
      "no coordinator answers (expected: as many as the quorum; status shows which nodes there are)";

  private final RunControl control;

  /** Called by Akka. */
  public ControlRoutes(ExtendedActorSystem system) {
    this.control = RunControl.get(Adapter.toTyped(system));
  }

  @Override
  public Route routes(ManagementRouteProviderSettings settings) {
    return pathPrefix(
        "rglcd",
        () ->
            concat(
                path("status", () -> get(() -> completeWithFuture(status()))),
                post(() -> authorised(this::commands))));
  }

  private Route authorised(Supplier<Route> inner) {
    return optionalHeaderValueByName(
        "Authorization",
        header ->
            header.filter(control::allows).isPresent()
                ? inner.get()
                : complete(
                    error(
                        StatusCodes.UNAUTHORIZED,
                        "the request does not carry this cluster's secret (expected: the same"
                            + " cluster.secret as the nodes have)")));
  }

  private Route commands() {
    return concat(
        command("pause", new CoordinatorMessage.Pause()),
        command("resume", new CoordinatorMessage.Resume()),
        command("checkpoint", new CoordinatorMessage.CheckpointNow()),
        command("stop", new CoordinatorMessage.Stop()),
        pathPrefix("drain", () -> path(segment -> completeWithFuture(drain(segment)))));
  }

  private Route command(String name, CoordinatorMessage message) {
    return path(name, () -> completeWithFuture(answer(control.tell(message))));
  }

  private CompletionStage<HttpResponse> status() {
    return control
        .status()
        .map(asked -> asked.thenApply(Optional::of).exceptionally(silence -> Optional.empty()))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.<RunStatus>empty()))
        .thenApply(run -> json(StatusCodes.OK, StatusJson.of(run, control.nodes())));
  }

  private CompletionStage<HttpResponse> answer(Optional<CompletionStage<RunStatus>> asked) {
    return asked
        .map(
            stage ->
                stage
                    .thenApply(
                        run ->
                            json(StatusCodes.OK, StatusJson.of(Optional.of(run), control.nodes())))
                    .exceptionally(
                        silence -> error(StatusCodes.SERVICE_UNAVAILABLE, NO_COORDINATOR)))
        .orElseGet(
            () ->
                CompletableFuture.completedFuture(
                    error(StatusCodes.SERVICE_UNAVAILABLE, NO_COORDINATOR)));
  }

  private CompletionStage<HttpResponse> drain(String name) {
    return control
        .drain(name)
        .thenCompose(
            told ->
                told
                    ? status()
                    : CompletableFuture.completedFuture(
                        error(StatusCodes.NOT_FOUND, "no node " + name + known())));
  }

  private String known() {
    return " (expected: one of "
        + String.join(", ", control.nodes().stream().map(NodeStatus::name).toList())
        + ")";
  }

  private static HttpResponse error(StatusCode code, String sentence) {
    return json(
        code, JsonNodeFactory.instance.objectNode().put("error", sentence).toPrettyString());
  }

  private static HttpResponse json(StatusCode code, String body) {
    return HttpResponse.create()
        .withStatus(code)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body));
  }
}
