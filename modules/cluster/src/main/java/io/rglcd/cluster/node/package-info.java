/** A node of a cluster: actor system, membership, roles, and how it comes and goes. */
package io.rglcd.cluster.node;
