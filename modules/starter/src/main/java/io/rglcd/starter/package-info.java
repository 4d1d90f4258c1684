/**
 * The embedded default: a very small real teacher, two reward models and image shards as class-path
 * resources, unpacked once into a cache directory. Files only: nothing here reads a tensor.
 */
package io.rglcd.starter;
