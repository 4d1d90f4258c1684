/** A run of real processes under random faults, and a verdict on what is left: tools/chaos. */
package io.rglcd.cluster.chaos;
