/** Writes shards, of pictures or of other shards. */
package io.rglcd.data.pack;
