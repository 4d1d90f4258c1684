package io.rglcd.distill;

/**
 * What a micro-batch's forward pass measured, each a mean over its samples.
 *
 * @param samples number of samples
 * @param distill the consistency loss (pseudo-Huber or L2)
 * @param reward the mean reward, before scaling by beta; 0 without a reward model
 * @param loss the whole objective that was differentiated
 * @param finite whether loss and gradient hold no NaN or infinity
 */
public record MicroBatchLosses(
    int samples, double distill, double reward, double loss, boolean finite) {}
