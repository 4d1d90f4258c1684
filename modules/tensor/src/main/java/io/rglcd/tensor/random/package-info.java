/**
 * Random numbers by address: what is drawn depends on (seed, epoch or step, sample, purpose) alone,
 * never on which worker draws it, in what order, or what was drawn before. No tensors, no state
 * shared between threads.
 */
package io.rglcd.tensor.random;
