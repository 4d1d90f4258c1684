package io.rglcd.distill;

/**
 * What applying one mean gradient did; equal on every replica.
 *
 * @param step number of committed updates after this one
 * @param gradNorm global L2 norm of the mean gradient before clipping
 * @param learningRate the rate that was used
 */
public record CommitResult(long step, double gradNorm, double learningRate) {}
