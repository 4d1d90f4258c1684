package io.rglcd.cli.run;

import ai.djl.Device;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.Replica;
import java.util.List;

/** A node's replicas, each on its device. */
final class DeviceReplicas implements ReplicaFactory {

  private final RunInputs inputs;
  private final List<Device> devices;

  /**
   * Replicas of opened inputs.
   *
   * @param devices by the replicas' indices, all of one type
   */
  DeviceReplicas(RunInputs inputs, List<Device> devices) {
    this.inputs = inputs;
    this.devices = List.copyOf(devices);
  }

  @Override
  public Replica create(WorkerId member, int device) {
    return inputs.replica(devices.get(device));
  }

  @Override
  public String deviceType() {
    return devices.get(0).getDeviceType();
  }
}
