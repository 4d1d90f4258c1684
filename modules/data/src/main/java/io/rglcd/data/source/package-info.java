/**
 * Shards that are not files: read over HTTP by byte ranges. Everything that can go wrong between
 * here and a server is retried or becomes one sentence here; what the bytes mean is no concern of
 * this package.
 */
package io.rglcd.data.source;
