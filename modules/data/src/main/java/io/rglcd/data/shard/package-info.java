/**
 * Where samples come from: shard names and patterns, shard sources, tar files and the grouping of
 * their entries into samples. Nothing here looks into a picture or a caption.
 */
package io.rglcd.data.shard;
