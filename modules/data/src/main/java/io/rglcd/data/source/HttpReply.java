package io.rglcd.data.source;

/**
 * The answer to a request for a range.
 *
 * @param version of the whole
 * @param body of the range; null where it begins at or behind the end
 * @param end of the body in the whole, exclusive
 */
record HttpReply(ShardVersion version, BodyQueue body, long end) {}
