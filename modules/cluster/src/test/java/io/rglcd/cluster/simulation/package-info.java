/**
 * The protocol without actors, tensors or time: coordinators and replicas as pure states, joined by
 * a router that drops, delays, doubles, reorders and cuts, on a virtual clock. What must hold is
 * checked after every event.
 */
package io.rglcd.cluster.simulation;
