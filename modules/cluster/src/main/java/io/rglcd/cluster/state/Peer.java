package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.Member;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerId;

/**
 * A replica that has registered.
 *
 * @param worker its name
 * @param endpoint its node's end of the data plane
 * @param computes whether it computes gradients
 * @param holding what it held when it last said so
 * @param standing how that relates to the run
 * @param snapshot step of the snapshot it catches up from; meaningful while it does
 * @param joined whether it has been level since it registered; one that was overtaken while it
 *     caught up still has
 * @param leaving whether it is to be left out of the next plan
 */
record Peer(
    WorkerId worker,
    Endpoint endpoint,
    boolean computes,
    Holding holding,
    Standing standing,
    StepNumber snapshot,
    boolean joined,
    boolean leaving) {

  Member seat() {
    return new Member(worker, endpoint);
  }

  boolean isLevel() {
    return standing == Standing.LEVEL;
  }

  boolean mayCompute() {
    return isLevel() && computes && !leaving;
  }

  Peer as(Standing next) {
    boolean level = next == Standing.LEVEL;
    return new Peer(worker, endpoint, computes, holding, next, snapshot, joined || level, leaving);
  }

  Peer with(Holding next) {
    return new Peer(worker, endpoint, computes, next, standing, snapshot, joined, leaving);
  }

  Peer catchingUpFrom(StepNumber step) {
    return new Peer(
        worker, endpoint, computes, holding, Standing.CATCHING_UP, step, joined, leaving);
  }

  Peer asLeaving() {
    return new Peer(worker, endpoint, computes, holding, standing, snapshot, joined, true);
  }
}
