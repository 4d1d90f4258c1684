package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * What one evaluation of the objective is given.
 *
 * @param latents z_0, [B,4,H,W] float32, already multiplied by the VAE's scaling factor
 * @param noise standard normal, the shape of latents
 * @param index points of the solver's grid, [B] int64
 * @param guidanceUniform u in [0,1), [B] float32; w = wMin + u (wMax - wMin)
 * @param promptEmbeds text states of the captions, [B,T,D] float32
 * @param uncondPromptEmbeds text states of the empty prompt, [B,T,D] float32
 * @param reward the reward with these captions bound; empty trains without reward
 */
public record Conditions(
    NDArray latents,
    NDArray noise,
    NDArray index,
    NDArray guidanceUniform,
    NDArray promptEmbeds,
    NDArray uncondPromptEmbeds,
    Optional<DifferentiableReward> reward) {}
