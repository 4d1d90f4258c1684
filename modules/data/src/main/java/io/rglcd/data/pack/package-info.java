/** Writes shards. */
package io.rglcd.data.pack;
