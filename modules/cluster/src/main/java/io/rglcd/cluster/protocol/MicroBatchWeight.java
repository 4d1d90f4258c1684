package io.rglcd.cluster.protocol;

/**
 * The weight of one micro-batch's gradient in the mean, n_i / N.
 *
 * @param index of the micro-batch
 * @param samples n_i, at least 1
 * @param holder whose gradient is taken
 */
public record MicroBatchWeight(int index, int samples, WorkerId holder) {}
