/**
 * The layer over DJL's PyTorch engine: compiled TorchScript functions, scopes that own native
 * memory, automatic differentiation by thread, named and flat parameters, safetensors files, and
 * counter-based random numbers. No network, no training logic, no actors.
 *
 * <p>Shape legend: B batch, C channels, H height, W width, T tokens, D width of a token.
 */
package io.rglcd.tensor;
