package io.rglcd.cluster.protocol;

import io.rglcd.data.SampleRange;

/**
 * One micro-batch of a step.
 *
 * @param index its place in the order of addition, from 0
 * @param range its samples
 */
public record MicroBatchShare(int index, SampleRange range) {}
