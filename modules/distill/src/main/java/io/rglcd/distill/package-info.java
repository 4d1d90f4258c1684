/**
 * One learner: losses and gradients of RG-LCD (Algorithm 3), optimiser, learning-rate schedules,
 * EMA, training state and checkpoints. Usable without actors; nothing here knows how many learners
 * there are.
 */
package io.rglcd.distill;
