/** What people and their tools see of a running cluster, and how they steer it: over HTTP. */
package io.rglcd.cluster.management;
