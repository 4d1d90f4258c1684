package io.rglcd.data.shard;

/**
 * A regular file inside a tar archive.
 *
 * @param name the path as stored, long names resolved
 * @param offset of its first byte in the archive
 * @param size in bytes
 */
public record TarEntry(String name, long offset, long size) {}
