package io.rglcd.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.Member;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.MicroBatchWeight;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.cluster.state.WorkerEffect;
import io.rglcd.cluster.state.WorkerEvent;
import io.rglcd.cluster.state.WorkerState;
import io.rglcd.cluster.state.WorkerTransition;
import io.rglcd.data.SampleRange;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.MicroBatchLosses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A replica: its pure state, and numbers for its tensors. Dead ones hear and say nothing. */
final class SimReplica implements WorkerEffect.Handler {

  final WorkerId id;
  final String node;
  private final Simulation simulation;
  private final boolean computes;
  private final Map<SampleRange, Long> gradients = new HashMap<>();
  private final Map<String, Long> frames = new HashMap<>();
  private final Map<StepKey, Long> kept = new HashMap<>();
  private final TreeMap<StepNumber, Long> offered = new TreeMap<>();
  private SimCoordinator coordinator;
  private WorkerState state;
  private long digest;
  private long mean;
  private boolean computing;
  private int fetches;
  boolean alive = true;

  SimReplica(
      WorkerId id,
      String node,
      boolean computes,
      Simulation simulation,
      StepNumber step,
      long checksum,
      long digest) {
    this.id = id;
    this.node = node;
    this.computes = computes;
    this.simulation = simulation;
    this.digest = digest;
    this.state = WorkerState.start(id, step, checksum);
  }

  WorkerState state() {
    return state;
  }

  Member seat() {
    return new Member(id, new Endpoint(node, node, 1));
  }

  void hear(SimCoordinator from, WorkerMessage message) {
    if (!alive) {
      return;
    }
    if (message instanceof WorkerMessage.Hello hello
        && hello.term().value() >= state.term().value()) {
      coordinator = from;
    }
    decide(WorkerEvents.of(message));
  }

  void decide(WorkerEvent event) {
    WorkerState before = simulation.mutant == Mutant.STALE_TERM_OBEYED ? withoutTerm(state) : state;
    WorkerTransition transition = before.next(event);
    assertThat(transition.state().term()).as("MonotonicTerm").isGreaterThanOrEqualTo(state.term());
    state = transition.state();
    transition.effects().forEach(effect -> effect.accept(this));
  }

  private static WorkerState withoutTerm(WorkerState state) {
    return new WorkerState(
        state.id(),
        new Term(0),
        state.step(),
        state.checksum(),
        state.plan(),
        state.results(),
        state.reducing(),
        state.prepared(),
        state.pending(),
        state.catchUp(),
        state.newest(),
        state.level());
  }

  private void say(CoordinatorMessage message) {
    SimCoordinator to = coordinator;
    if (to != null) {
      simulation.world.send(node, to.node, () -> to.hear(this, message));
    }
  }

  private void later(double seconds, Runnable action) {
    simulation.world.later(
        seconds,
        () -> {
          if (alive) {
            action.run();
          }
        });
  }

  @Override
  public void tell(WorkerEffect.Tell effect) {
    say(effect.message());
  }

  @Override
  public void register(WorkerEffect.Register effect) {
    say(
        new CoordinatorMessage.Register(
            id,
            null,
            seat().endpoint(),
            computes,
            effect.holding(),
            Simulation.PARAMETERS,
            List.of()));
  }

  @Override
  public void work(WorkerEffect.Work effect) {
    if (!computing) {
      computing = true;
      later(0.005 + simulation.world.random.nextDouble() * 0.05, this::computeNext);
    }
  }

  private void computeNext() {
    computing = false;
    List<SampleRange> missing = state.missing();
    if (missing.isEmpty()) {
      return;
    }
    SampleRange range = missing.get(0);
    MicroBatchShare share =
        state.plan().orElseThrow().share(id).orElseThrow().microBatches().stream()
            .filter(s -> s.range().equals(range))
            .findFirst()
            .orElseThrow();
    gradients.put(range, Truth.gradient(digest, range));
    simulation.computed(id, state.step(), range);
    decide(new WorkerEvent.Computed(result(share)));
    work(null);
  }

  /** Samples of 13 modulo 16 give no finite loss, those of 5 modulo 16 cannot be read. */
  private static MicroBatchResult result(MicroBatchShare share) {
    List<UnreadableSample> unreadable = new ArrayList<>();
    boolean finite = true;
    for (long at = share.range().start(); at < share.range().end(); at++) {
      finite &= at % 16 != 13;
      if (at % 16 == 5) {
        unreadable.add(new UnreadableSample(at, "corrupt"));
      }
    }
    int samples = share.range().count() - unreadable.size();
    return new MicroBatchResult(
        share, new MicroBatchLosses(samples, 1, 0, 1, finite || samples == 0), unreadable);
  }

  @Override
  public void deliver(WorkerEffect.Deliver effect) {
    say(new CoordinatorMessage.GradientsReady(effect.key(), id, effect.results(), 0.1, 0.2));
  }

  @Override
  public void drop(WorkerEffect.Drop effect) {
    effect.ranges().forEach(gradients::remove);
  }

  /** Shows the gradients it holds to all who take part; frames of others may be here already. */
  @Override
  public void beginReduce(WorkerEffect.BeginReduce effect) {
    Reduce order = effect.order();
    List<Member> all = new ArrayList<>(order.participants());
    all.addAll(order.observers());
    for (MicroBatchWeight weight : order.weights()) {
      if (weight.holder().equals(id)) {
        Long gradient =
            state.plan().flatMap(plan -> plan.share(id)).stream()
                .flatMap(share -> share.microBatches().stream())
                .filter(share -> share.index() == weight.index())
                .map(share -> gradients.get(share.range()))
                .findFirst()
                .orElse(null);
        if (gradient == null) {
          decide(new WorkerEvent.ReductionBroke(order.key(), "gradient is missing"));
          return;
        }
        for (Member member : all) {
          simulation.sendFrame(this, member, frame(order.key(), weight.index()), gradient);
        }
      }
    }
    later(3, () -> decide(new WorkerEvent.ReductionBroke(order.key(), "deadline")));
    completeReduction();
  }

  private String frame(StepKey key, int index) {
    return simulation.mutant == Mutant.LATE_FRAME_ACCEPTED ? "any " + index : key + " " + index;
  }

  void receiveFrame(String frame, long gradient) {
    if (alive) {
      frames.put(frame, gradient);
      completeReduction();
    }
  }

  private void completeReduction() {
    if (state.reducing().isPresent()) {
      StepKey key = state.reducing().get().key();
      if (found(state.reducing().get()).size() == state.reducing().get().weights().size()) {
        decide(new WorkerEvent.Reduced(key));
      }
    }
  }

  private Map<Integer, Long> found(Reduce order) {
    Map<Integer, Long> found = new HashMap<>();
    for (MicroBatchWeight weight : order.weights()) {
      Long gradient = frames.get(frame(order.key(), weight.index()));
      if (gradient != null) {
        found.put(weight.index(), gradient);
      }
    }
    return found;
  }

  @Override
  public void cancelReduce(WorkerEffect.CancelReduce effect) {}

  @Override
  public void gather(WorkerEffect.Gather effect) {
    Reduce order = state.reducing().orElseThrow();
    mean = Truth.mean(order.weights(), found(order));
    say(new CoordinatorMessage.MeanReady(effect.key(), id, mean, 0.1));
    decide(new WorkerEvent.Gathered(new Prepared(effect.key(), mean)));
  }

  @Override
  public void keepAside(WorkerEffect.KeepAside effect) {
    Reduce order = state.reducing().orElseThrow();
    long value = Truth.mean(order.weights(), found(order));
    kept.put(effect.key(), value);
    decide(new WorkerEvent.Gathered(new Prepared(effect.key(), value)));
  }

  @Override
  public void apply(WorkerEffect.Apply effect) {
    long step = effect.commit().key().step().value();
    digest = Truth.applied(digest, mean);
    if (simulation.mutant == Mutant.DOUBLE_APPLY && simulation.world.chance(0.2)) {
      digest = Truth.applied(digest, mean);
    }
    simulation.truth.check(id + " on " + node, step, digest);
    say(
        new CoordinatorMessage.Applied(
            id,
            new CommitResult(step, 1, 0.1),
            effect.commit().checksum(),
            effect.commit().digest() ? Long.toHexString(digest) : "",
            0.1));
  }

  @Override
  public void fetch(WorkerEffect.Fetch effect) {
    digest = simulation.world.random.nextLong();
    fetches++;
    int number = fetches;
    later(
        0.02 + simulation.world.random.nextDouble() * 0.3,
        () -> {
          if (number != fetches) {
            return;
          }
          StepNumber step = effect.message().step();
          Long found = simulation.snapshotOf(this, effect.message().donors(), step);
          if (found == null) {
            decide(new WorkerEvent.FetchFailed(step, "no donor"));
          } else {
            digest = found;
            decide(new WorkerEvent.Fetched(step));
          }
        });
  }

  Long offeredAt(StepNumber step) {
    return alive ? offered.get(step) : null;
  }

  @Override
  public void restore(WorkerEffect.Restore effect) {
    simulation.truth.check(id + " restored on " + node, effect.step().value(), digest);
  }

  @Override
  public void applyKept(WorkerEffect.ApplyKept effect) {
    digest = Truth.applied(digest, kept.get(effect.mean().key()));
    simulation.truth.check(
        id + " catching up on " + node, effect.mean().key().step().value(), digest);
  }

  @Override
  public void useKept(WorkerEffect.UseKept effect) {
    mean = kept.get(effect.mean().key());
  }

  @Override
  public void dropKept() {
    kept.clear();
  }

  @Override
  public void offerSnapshot(WorkerEffect.OfferSnapshot effect) {
    offered.headMap(effect.keepFrom(), false).clear();
    offered.put(effect.step(), digest);
    say(new CoordinatorMessage.SnapshotOffered(id, effect.step()));
  }

  @Override
  public void saveCheckpoint(WorkerEffect.SaveCheckpoint effect) {
    simulation.checkpoints.put(effect.step(), new SimCheckpoint(state.checksum(), digest));
    say(
        new CoordinatorMessage.CheckpointWritten(
            effect.step(), "checkpoint-" + effect.step().value()));
  }
}
