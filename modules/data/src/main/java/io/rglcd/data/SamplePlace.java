package io.rglcd.data;

/**
 * What people call a sample.
 *
 * @param shard name of its shard
 * @param key of the sample in the shard
 */
public record SamplePlace(String shard, String key) {}
