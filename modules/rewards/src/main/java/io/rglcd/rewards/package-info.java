/**
 * Models that score how much people like an image for its caption, differentiable in the image, and
 * the preprocessing in front of them. No sampling, no training.
 */
package io.rglcd.rewards;
