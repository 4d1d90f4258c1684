/** Nodes on machines of their own, whose network is cut, slow or lossy: Linux only. */
package io.rglcd.cluster.network;
