package io.rglcd.bench;

import akka.actor.ActorSystem;
import akka.actor.ExtendedActorSystem;
import com.typesafe.config.ConfigFactory;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.serialization.MessageSerializer;
import io.rglcd.cluster.state.CommitHistory;
import io.rglcd.cluster.state.CoordinatorEvent;
import io.rglcd.cluster.state.CoordinatorState;
import io.rglcd.cluster.state.Effect;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.cluster.state.Transition;
import java.io.NotSerializableException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;

/**
 * What a step costs the coordinator with many workers, without tensors: decisions, and messages
 * there and back through the real serializer. Arguments: numbers of workers; 8 64 256 1000 by
 * default.
 */
public final class ControlPlane implements Effect.Handler {

  /**
   * What one step costs.
   *
   * @param millis of the coordinator: decisions, and messages made into bytes and back
   * @param sent messages to workers and the follower
   * @param received messages from them
   * @param bytes of both, serialized
   */
  record Cost(double millis, double sent, double received, double bytes) {}

  private static final int WARM_UP = 20;
  private static final int STEPS = 40;
  private static final long SAMPLES = 12_423_374;
  private static final long PARAMETERS = 865_910_724;

  private final MessageSerializer serializer;
  private final Queue<byte[]> inbox = new ArrayDeque<>();
  private final Queue<CoordinatorEvent> events = new ArrayDeque<>();
  private final RunLimits limits;
  private CoordinatorState state;
  private long nanos;
  private long sent;
  private long received;
  private long bytes;

  private ControlPlane(MessageSerializer serializer, int workers, long steps) {
    this.serializer = serializer;
    this.limits = new RunLimits(workers, 1, 16, workers, steps + 1, 0, 10, 1);
    CommitHistory.Origin origin = CommitHistory.Origin.of(SAMPLES);
    this.state =
        CoordinatorState.start(
            limits, new Term(1), new Generation(0), CommitHistory.of(origin, List.of()));
    register(WorkerId.FOLLOWER, false);
    for (int worker = 0; worker < workers; worker++) {
      register(new WorkerId(String.format(Locale.ROOT, "worker-%04d-0", worker)), true);
    }
  }

  /** Prints a line for each number of workers. */
  public static void main(String[] arguments) {
    List<String> counts =
        arguments.length > 0 ? List.of(arguments) : List.of("8", "64", "256", "1000");
    for (String count : counts) {
      Cost cost = measure(Integer.parseInt(count), WARM_UP, STEPS);
      System.out.printf(
          Locale.ROOT,
          "workers=%s coordinator_ms_per_step=%.2f sent=%.1f received=%.1f kib_per_step=%.0f%n",
          count,
          cost.millis(),
          cost.sent(),
          cost.received(),
          cost.bytes() / 1024);
    }
  }

  /**
   * Runs steps with simulated workers.
   *
   * @param warmUp steps that are not counted
   * @param steps steps that are
   */
  static Cost measure(int workers, int warmUp, int steps) {
    ActorSystem system =
        ActorSystem.create(
            "bench",
            ConfigFactory.parseMap(Map.of("akka.loglevel", "OFF", "akka.stdout-loglevel", "OFF"))
                .withFallback(ConfigFactory.load()));
    try {
      ControlPlane plane =
          new ControlPlane(
              new MessageSerializer((ExtendedActorSystem) system), workers, warmUp + steps);
      return plane.measure(warmUp, steps);
    } catch (NotSerializableException e) {
      throw new IllegalStateException(e);
    } finally {
      system.terminate();
    }
  }

  private void register(WorkerId worker, boolean computes) {
    decide(
        new CoordinatorEvent.Registered(
            worker,
            new Endpoint(worker.value(), "10.0.0.1", 25600),
            computes,
            Holding.of(new StepNumber(0), 0),
            PARAMETERS));
  }

  private Cost measure(int warmUp, int steps) throws NotSerializableException {
    until(warmUp);
    nanos = 0;
    sent = 0;
    received = 0;
    bytes = 0;
    until(warmUp + steps);
    return new Cost(
        nanos / 1e6 / steps,
        (double) sent / steps,
        (double) received / steps,
        (double) bytes / steps);
  }

  private void until(long step) throws NotSerializableException {
    while (state.step().value() < step) {
      byte[] message = inbox.remove();
      received++;
      bytes += message.length;
      long begin = System.nanoTime();
      CoordinatorEvent event =
          event((CoordinatorMessage) serializer.fromBinary(message, serializer.manifest(this)));
      nanos += System.nanoTime() - begin;
      decide(event);
    }
  }

  private static CoordinatorEvent event(CoordinatorMessage message) {
    if (message instanceof CoordinatorMessage.GradientsReady ready) {
      return new CoordinatorEvent.Gradients(ready);
    }
    if (message instanceof CoordinatorMessage.MeanReady mean) {
      return new CoordinatorEvent.Mean(mean);
    }
    return new CoordinatorEvent.CommitApplied((CoordinatorMessage.Applied) message);
  }

  private void decide(CoordinatorEvent first) {
    events.add(first);
    while (!events.isEmpty()) {
      long begin = System.nanoTime();
      Transition transition = state.next(events.remove(), begin);
      state = transition.state();
      nanos += System.nanoTime() - begin;
      transition.effects().forEach(effect -> effect.accept(this));
    }
  }

  @Override
  public void tell(Effect.Tell effect) {
    for (WorkerId worker : effect.to()) {
      long begin = System.nanoTime();
      byte[] message = serializer.toBinary(effect.message());
      nanos += System.nanoTime() - begin;
      sent++;
      bytes += message.length;
      SimulatedWorkers.answer(worker, effect.message())
          .ifPresent(answer -> inbox.add(serializer.toBinary(answer)));
    }
  }

  @Override
  public void append(Effect.Append effect) {
    events.add(new CoordinatorEvent.Appended(effect.record()));
  }

  @Override
  public void saveCheckpoint(Effect.SaveCheckpoint effect) {
    events.add(
        new CoordinatorEvent.CheckpointWritten(
            new CoordinatorMessage.CheckpointWritten(effect.step(), "checkpoint")));
  }

  @Override
  public void report(Effect.Report effect) {
    // The listener's time is not the coordinator's.
  }

  @Override
  public void complete(Effect.Complete effect) {
    throw new IllegalStateException("the run ended while it was measured");
  }

  @Override
  public void startOver(Effect.StartOver effect) {
    throw new IllegalStateException(effect.reason());
  }

  @Override
  public void fail(Effect.Fail effect) {
    throw new IllegalStateException(effect.reason());
  }
}
