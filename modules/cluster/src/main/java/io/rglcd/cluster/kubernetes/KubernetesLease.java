package io.rglcd.cluster.kubernetes;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.rglcd.cluster.TrainingException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease kept in an object of {@code coordination.k8s.io/v1}. It is written only in the version
 * that was read, so of several who write at a time one succeeds. Another's lease has run out when
 * the object has not changed for its duration while this process was looking, or when its {@code
 * renewTime} is older by more than clocks of machines differ.
 */
public final class KubernetesLease implements io.rglcd.cluster.downing.Lease {

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesLease.class);
  private static final String GRANT = "get, create, update on leases.coordination.k8s.io";
  private static final int TRIES = 3;

  /** Clocks of machines do not differ by more. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final Duration GOOD_BYE = Duration.ofSeconds(2);

  private final KubernetesApi api;
  private final String name;
  private final String holder;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final ExecutorService thread;
  private String seenVersion = "";
  private long seenAt;

  /** Whether it was ever written with this holder: also where the answer was lost. */
  private boolean mayBeHeld;

  KubernetesLease(
      KubernetesApi api, String name, String holder, InstantSource clock, LongSupplier nanos) {
    this.api = api;
    this.name = name;
    this.holder = holder;
    this.clock = clock;
    this.nanos = nanos;
    this.thread = KubernetesApi.thread("lease " + name);
  }

  /**
   * Makes the object if there is none, and looks whether it may be read and written; waits for the
   * answers.
   *
   * @param tries to reach the server, with a second in between
   * @throws TrainingException saying in one sentence what is not allowed and who may change that
   */
  public void probe(int tries) {
    for (int i = 1; i < tries; i++) {
      try {
        probe();
        return;
      } catch (TrainingException e) {
        if (KubernetesApi.isRefusal(e.getCause())) {
          throw e;
        }
        LOG.warn("{}", e.getMessage());
        pause(e);
      }
    }
    probe();
  }

  private static void pause(TrainingException failure) {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  private void probe() {
    Optional<Lease> found = Optional.ofNullable(allowed("get", () -> lease().get()));
    Lease there = found.orElseGet(() -> allowed("create", () -> create("")));
    allowed("update", () -> resource(there).dryRun().update());
  }

  private Lease allowed(String verb, Supplier<Lease> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return lease().get();
      }
      throw failed(verb, e);
    }
  }

  private TrainingException failed(String verb, KubernetesClientException failure) {
    return api.failed("cannot " + verb + " lease " + name, GRANT, failure);
  }

  @Override
  public CompletionStage<String> acquire() {
    return CompletableFuture.supplyAsync(this::take, thread);
  }

  @Override
  public CompletionStage<Void> release() {
    return CompletableFuture.runAsync(this::giveBack, thread);
  }

  @Override
  public String holder() {
    return holder;
  }

  private String take() {
    for (int i = 1; ; i++) {
      try {
        return tryToTake();
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || i == TRIES) {
          throw failed("take", e);
        }
        LOG.debug("lease {} was written by another at the same time", name, e);
      }
    }
  }

  private String tryToTake() {
    Lease found = lease().get();
    if (found == null) {
      mayBeHeld = true;
      create(holder);
      return holder;
    }
    String other = Optional.ofNullable(found.getSpec().getHolderIdentity()).orElse("");
    if (!other.isEmpty() && !other.equals(holder) && !hasRunOut(found)) {
      return other;
    }
    mayBeHeld = true;
    write(other.equals(holder) ? renewed(found) : taken(found));
    return holder;
  }

  private boolean hasRunOut(Lease lease) {
    String version = lease.getMetadata().getResourceVersion();
    if (!seenVersion.equals(version)) {
      seenVersion = version;
      seenAt = nanos.getAsLong();
    }
    Duration duration =
        Optional.ofNullable(lease.getSpec().getLeaseDurationSeconds())
            .map(Duration::ofSeconds)
            .orElse(DURATION);
    boolean longAgo =
        Optional.ofNullable(lease.getSpec().getRenewTime())
            .map(time -> time.plus(duration).plus(SKEW).toInstant())
            .filter(clock.instant()::isAfter)
            .isPresent();
    return longAgo || nanos.getAsLong() - seenAt >= duration.toNanos();
  }

  private void giveBack() {
    if (!mayBeHeld) {
      return;
    }
    try {
      Lease found = lease().get();
      if (found != null && holder.equals(found.getSpec().getHolderIdentity())) {
        write(new LeaseBuilder(found).editSpec().withHolderIdentity(null).endSpec().build());
      }
      mayBeHeld = false;
    } catch (KubernetesClientException e) {
      throw failed("release", e);
    }
  }

  private Resource<Lease> lease() {
    return api.client().leases().inNamespace(api.namespace()).withName(name);
  }

  private Resource<Lease> resource(Lease lease) {
    return api.client().leases().inNamespace(api.namespace()).resource(lease);
  }

  private void write(Lease lease) {
    resource(lease).lockResourceVersion(lease.getMetadata().getResourceVersion()).update();
  }

  private Lease create(String of) {
    Lease lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(api.namespace())
            .endMetadata()
            .withNewSpec()
            .withLeaseDurationSeconds((int) DURATION.toSeconds())
            .withLeaseTransitions(0)
            .endSpec()
            .build();
    return resource(of.isEmpty() ? lease : taken(lease)).create();
  }

  private Lease taken(Lease lease) {
    int transitions = Optional.ofNullable(lease.getSpec().getLeaseTransitions()).orElse(0);
    ZonedDateTime now = now();
    return new LeaseBuilder(lease)
        .editSpec()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds((int) DURATION.toSeconds())
        .withLeaseTransitions(transitions + 1)
        .withAcquireTime(now)
        .withRenewTime(now)
        .endSpec()
        .build();
  }

  private Lease renewed(Lease lease) {
    return new LeaseBuilder(lease).editSpec().withRenewTime(now()).endSpec().build();
  }

  private ZonedDateTime now() {
    return clock.instant().atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public void close() {
    CompletableFuture<Void> released = release().toCompletableFuture();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(GOOD_BYE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("lease {} was not given back in time; it runs out by itself", name);
      } else if (released.isCompletedExceptionally()) {
        LOG.warn("lease {} could not be given back; it runs out by itself", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
