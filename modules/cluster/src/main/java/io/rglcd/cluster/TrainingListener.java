package io.rglcd.cluster;

/**
 * Is told what happens. Called by the coordinator, one event at a time: return soon, hand longer
 * work to a thread of its own.
 */
@FunctionalInterface
public interface TrainingListener {

  /** Receives one event. */
  void on(TrainingEvent event);
}
