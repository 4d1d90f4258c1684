/**
 * Network definitions of the Stable Diffusion family, each a stateless description that takes its
 * {@link io.rglcd.tensor.Weights} under their original names, and the directories they are stored
 * in. No training logic.
 *
 * <p>Shape legend: B batch, C channels, H height, W width, T tokens, D width of a token.
 */
package io.rglcd.models;
