/**
 * Reads and writes safetensors files, whole and sharded, by memory map.
 *
 * <p>The format is that of https://github.com/huggingface/safetensors: eight bytes of header length
 * (little endian), a JSON header, then the tensors back to back. Files are not trusted: whatever
 * they hold, opening and reading ends with tensors or with a {@link
 * io.rglcd.tensor.safetensors.SafetensorsException} of one sentence. What the tensors mean to a
 * network does not belong here.
 */
package io.rglcd.tensor.safetensors;
