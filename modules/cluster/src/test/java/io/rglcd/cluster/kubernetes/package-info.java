/** What a cluster's nodes need of Kubernetes, mocked. */
package io.rglcd.cluster.kubernetes;
