/**
 * The coordinator's decisions as values: {@code next(state, event) -> (state, effects)}. No actors,
 * no clock, no tensors, no files.
 */
package io.rglcd.cluster.state;
