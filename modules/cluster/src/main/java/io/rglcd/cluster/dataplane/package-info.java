/**
 * The network between nodes for what is too large for messages: all-reduce of gradients and
 * snapshots of the state, over TCP. No actors in here; whoever calls decides, this moves bytes and
 * says when it cannot.
 */
package io.rglcd.cluster.dataplane;
