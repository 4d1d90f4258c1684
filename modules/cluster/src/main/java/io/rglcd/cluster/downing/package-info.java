/**
 * Who is given up, and which side of a cluster that is cut apart goes on: pure rules, and the lease
 * that one of them rests on. No actors, no membership, no Kubernetes here.
 */
package io.rglcd.cluster.downing;
