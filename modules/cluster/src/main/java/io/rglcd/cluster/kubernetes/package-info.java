/**
 * What a node asks of the Kubernetes API itself: a lease, and the annotations of its own pod.
 * Finding other nodes is Akka's affair, see {@link io.rglcd.cluster.node.Discovery}.
 */
package io.rglcd.cluster.kubernetes;
