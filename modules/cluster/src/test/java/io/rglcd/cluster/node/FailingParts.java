package io.rglcd.cluster.node;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.CommitJournal;
import io.rglcd.cluster.FaultyReplica;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.SnapshotExchange;
import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.actor.NodeContext;
import io.rglcd.cluster.collective.AllReduce;
import io.rglcd.cluster.collective.GradientBuffers;
import io.rglcd.cluster.node.FailAt.Phase;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.Replica;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The parts of a node, which tell {@link FailAt} what they do. */
final class FailingParts {

  private FailingParts() {}

  /**
   * The same node, failing.
   *
   * @param protocol version that it says to speak
   * @param deviceType that it says to compute on
   */
  static NodeContext of(NodeContext node, FailAt fail, int protocol, String deviceType) {
    return new NodeContext(
        node.name(),
        protocol,
        node.settings(),
        node.start(),
        node.origin(),
        new FailingReplicas(node.replicas(), fail, deviceType),
        node.source(),
        listener(node.listener(), fail),
        new FailingAllReduce(node.allReduce(), fail),
        new FailingSnapshots(node.snapshots(), fail),
        new FailingJournal(node.journal(), fail),
        node.endpoint(),
        node.scratch(),
        node.control(),
        node.downing(),
        node.nanos());
  }

  private static TrainingListener listener(TrainingListener inner, FailAt fail) {
    return event -> {
      inner.on(event);
      if (event instanceof TrainingEvent.StepCommitted committed) {
        fail.pass(Phase.PLANNED, committed.step() + 1);
      }
    };
  }

  private record FailingReplicas(ReplicaFactory inner, FailAt fail, String deviceType)
      implements ReplicaFactory {

    @Override
    public Replica create(WorkerId member, int device) {
      return new FaultyReplica(member, inner.create(member, device), fail);
    }
  }

  private record FailingAllReduce(AllReduce inner, FailAt fail) implements AllReduce {

    @Override
    public GradientBuffers join(WorkerId member, Replica replica) {
      return inner.join(member, replica);
    }

    @Override
    public void publish(StepKey key, int index, NDArray gradient) {
      inner.publish(key, index, gradient);
    }

    @Override
    public void reduce(Reduce order, WorkerId member) {
      inner.reduce(order, member);
      fail.pass(Phase.REDUCE, order.key().step().value());
    }

    @Override
    public CompletionStage<StepKey> reduced(StepKey key) {
      return inner.reduced(key);
    }

    @Override
    public long gather(StepKey key, NDArray into) {
      long checksum = inner.gather(key, into);
      fail.pass(Phase.GATHER, key.step().value());
      return checksum;
    }

    @Override
    public void whenEnded(Consumer<String> told) {
      inner.whenEnded(told);
    }

    @Override
    public void cancel(StepKey key) {
      inner.cancel(key);
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private record FailingSnapshots(SnapshotExchange inner, FailAt fail) implements SnapshotExchange {

    @Override
    public void offer(String name, Path file) {
      inner.offer(name, file);
      fail.pass(Phase.OFFER, 0);
    }

    @Override
    public void withdraw(String name) {
      inner.withdraw(name);
    }

    @Override
    public Arrival fetch(String name, List<Endpoint> donors, List<NDArray> into) {
      System.out.println("fetches " + name + " from " + donors);
      fail.pass(Phase.FETCH, 0);
      Arrival arrival = inner.fetch(name, donors, into);
      fail.pass(Phase.FETCHING, 0);
      return arrival;
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private record FailingJournal(CommitJournal inner, FailAt fail) implements CommitJournal {

    @Override
    public Claim claim() {
      Claim claim = inner.claim();
      System.out.println("drives as term " + claim.term());
      fail.pass(Phase.CLAIM, 0);
      return claim;
    }

    @Override
    public void append(HistoryRecord record) {
      if (record instanceof HistoryRecord.Committed committed) {
        long step = committed.key().step().value();
        fail.pass(Phase.APPEND, step);
        inner.append(record);
        fail.pass(Phase.APPENDED, step);
      } else {
        inner.append(record);
      }
    }
  }
}
