/**
 * Equality with the original implementations: runs directories of recorded inputs and outputs
 * ({@code case.json}, {@code io.safetensors}, configurations, weights) through this project's own
 * code and reports how far every tensor is from what the original computed. One small class a kind
 * of case; everything a case needs, it brings itself. No tensor mathematics of its own beyond
 * putting the project's parts together in the original's order.
 *
 * <p>Shapes in names: B batch, C channels, H height, W width, T tokens, D features.
 */
package io.rglcd.cli.conformance;
