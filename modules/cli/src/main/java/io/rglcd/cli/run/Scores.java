package io.rglcd.cli.run;

/**
 * Means over the measured captions.
 *
 * @param reward cosine of the configured reward; NaN without one
 * @param pref cosine of the starter's second judge; NaN without it
 * @param distance mean squared distance of the latents to the teacher's 25-step ones from the same
 *     noise
 */
record Scores(double reward, double pref, double distance) {}
