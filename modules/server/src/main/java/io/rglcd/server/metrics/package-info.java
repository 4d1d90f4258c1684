/** Metrics sinks: TensorBoard event files. What is measured is decided elsewhere. */
package io.rglcd.server.metrics;
