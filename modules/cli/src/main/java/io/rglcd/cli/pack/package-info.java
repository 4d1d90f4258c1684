/** Makes directories of shards. */
package io.rglcd.cli.pack;
