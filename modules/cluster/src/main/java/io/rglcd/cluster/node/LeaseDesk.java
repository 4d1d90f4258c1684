package io.rglcd.cluster.node;

import akka.actor.Address;
import akka.cluster.Member;
import io.rglcd.cluster.actor.Reasons;
import io.rglcd.cluster.downing.Lease;
import io.rglcd.cluster.downing.LeaseMajority;
import io.rglcd.cluster.downing.Verdict;
import io.rglcd.cluster.management.RunControl;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does with a lease what a policy wishes, one request at a time. Does not ask for it on behalf of a
 * node that the others have given up, as the members noted beside the log tell: they may have given
 * the lease back since. Of one thread.
 */
final class LeaseDesk {

  /**
   * What came of asking for the lease.
   *
   * @param holder empty if this node has been given up
   * @param askedAt nanoseconds of a monotonic clock
   * @param failure why it is not known who holds it
   */
  record Answer(Optional<String> holder, long askedAt, Optional<Throwable> failure) {}

  private static final Logger LOG = LoggerFactory.getLogger(LeaseDesk.class);

  private final LeaseMajority<Address> policy;
  private final Lease lease;
  private final KnownMembers members;
  private boolean waiting;
  private boolean warned;
  private Optional<String> lastHolder = Optional.empty();

  LeaseDesk(LeaseMajority<Address> policy, Lease lease, KnownMembers members) {
    this.policy = policy;
    this.lease = lease;
    this.members = members;
  }

  /**
   * Does what is wished, or nothing while an answer is awaited: the policy wishes again.
   *
   * @param self this node
   * @param told is given the answer, on any thread
   */
  void obey(Verdict.Wish wish, Address self, long now, Consumer<Answer> told) {
    if (waiting || wish == Verdict.Wish.NONE) {
      return;
    }
    if (wish == Verdict.Wish.RELEASE) {
      release();
      return;
    }
    waiting = true;
    CompletionStage<Void> unused =
        // Not where checkpoints are written and looked through, which takes long.
        CompletableFuture.supplyAsync(() -> members.forget(self))
            .thenCompose(
                givenUp ->
                    givenUp
                        ? CompletableFuture.completedStage(Optional.<String>empty())
                        : lease.acquire().thenApply(Optional::of))
            .handle(
                (holder, failure) -> {
                  told.accept(
                      failure == null
                          ? new Answer(holder, now, Optional.empty())
                          : new Answer(Optional.empty(), now, Optional.of(failure)));
                  return null;
                });
  }

  private void release() {
    policy.released();
    lastHolder = Optional.empty();
    LOG.info("gives the lease back: all coordinators that there are see each other");
    CompletionStage<Void> unused =
        lease
            .release()
            .exceptionally(
                failure -> {
                  LOG.warn(
                      "the lease was not given back and runs out by itself: {}",
                      Reasons.of(failure));
                  return null;
                });
  }

  /**
   * Tells the policy.
   *
   * @param known members of the cluster
   */
  void answered(Answer answer, Iterable<Member> known) {
    waiting = false;
    if (answer.failure().isPresent()) {
      if (!warned) {
        LOG.warn("the lease cannot be asked for: {}", Reasons.of(answer.failure().get()));
      }
      warned = true;
      return;
    }
    warned = false;
    if (!answer.holder().equals(lastHolder)) {
      LOG.info(
          "the lease is held by {}", answer.holder().orElse("others, who have given this node up"));
    }
    lastHolder = answer.holder();
    if (answer.holder().equals(Optional.of(lease.holder()))) {
      policy.held(answer.askedAt());
    } else {
      policy.heldBy(answer.holder().flatMap(name -> address(name, known)), answer.askedAt());
    }
  }

  private static Optional<Address> address(String name, Iterable<Member> known) {
    for (Member member : known) {
      if (member.hasRole(RunControl.NAME_ROLE + name)) {
        return Optional.of(member.address());
      }
    }
    return Optional.empty();
  }
}
