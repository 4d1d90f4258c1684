package io.rglcd.cluster.simulation;

/**
 * How bad the world is until it calms down.
 *
 * @param seconds of virtual time that it lasts
 * @param drop chance that a message is lost
 * @param twice chance that a message comes twice
 * @param slow chance that a message takes seconds
 * @param crashesPerSecond of any node, started again after a while
 * @param cutsPerSecond of a random set of nodes from the others
 * @param coordinatorsPerSecond how often another coordinator starts, the old one not knowing
 */
record Chaos(
    double seconds,
    double drop,
    double twice,
    double slow,
    double crashesPerSecond,
    double cutsPerSecond,
    double coordinatorsPerSecond) {

  static final Chaos NONE = new Chaos(0, 0, 0, 0, 0, 0, 0);
}
