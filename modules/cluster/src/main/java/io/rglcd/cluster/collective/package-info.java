/**
 * The data plane: how the gradients of micro-batches become one mean gradient that every member
 * holds. No actors, no decisions; who adds what is told from outside.
 */
package io.rglcd.cluster.collective;
