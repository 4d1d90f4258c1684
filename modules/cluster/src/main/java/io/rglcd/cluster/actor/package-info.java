/**
 * The actors: thin shells that carry out the decisions of {@link io.rglcd.cluster.state}, own
 * replicas and threads, and speak {@link io.rglcd.cluster.protocol}.
 */
package io.rglcd.cluster.actor;
