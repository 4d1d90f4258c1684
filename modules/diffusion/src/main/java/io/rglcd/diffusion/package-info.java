/**
 * The mathematics between a network's prediction and an image: noise schedules, the DDIM solver,
 * the consistency function's boundary condition, guidance embeddings, losses and samplers. Knows
 * networks only as {@link io.rglcd.diffusion.NoisePredictor}; no optimiser, no training state.
 */
package io.rglcd.diffusion;
