/**
 * Training on actors: {@link io.rglcd.cluster.TrainingRun} starts a run in this process and says
 * how it goes through {@link io.rglcd.cluster.TrainingListener}.
 *
 * <p>What a step is, mathematically, is the business of {@link io.rglcd.distill.Replica}; this
 * module decides who computes what, when it counts, and what happens when something fails.
 */
package io.rglcd.cluster;
