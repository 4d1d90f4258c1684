package io.rglcd.data;

/**
 * Where a sample is.
 *
 * @param shard index in the list of shards, from 0
 * @param index of the sample in its shard, from 0
 */
public record SampleAddress(int shard, int index) {}
