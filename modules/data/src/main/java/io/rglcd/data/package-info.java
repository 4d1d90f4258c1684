/**
 * Training pictures: from tar shards to batches. The order of an epoch's samples ({@link
 * io.rglcd.data.SampleOrder}) and what became of each ({@link io.rglcd.data.SampleLedger}) are pure
 * values; {@link io.rglcd.data.BatchLoader} turns a range of that order into pixels and captions.
 *
 * <p>No tensors, no devices, no actors, no training: what leaves here are Java arrays, pixels as
 * [B,C,H,W] float32 in [-1,1]. Where shards come from is in {@link io.rglcd.data.shard}, what a
 * picture is in {@link io.rglcd.data.image}.
 */
package io.rglcd.data;
