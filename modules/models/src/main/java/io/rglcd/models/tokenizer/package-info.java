/**
 * Text to token ids, as the CLIP family does it. Knows files of a tokenizer directory and nothing
 * of networks or tensors.
 *
 * <p>Shape legend: L context length (model_max_length).
 */
package io.rglcd.models.tokenizer;
