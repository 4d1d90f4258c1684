package io.rglcd.cli.command;

import java.nio.file.Path;

/**
 * What {@code rglcd data latents} is asked for.
 *
 * @param config file that names teacher and pictures
 * @param out directory of the new shards
 * @param promptEmbeds whether the captions are encoded as well
 * @param part which part of the shards, from 0
 * @param parts how many parts there are
 */
public record LatentsRequest(Path config, Path out, boolean promptEmbeds, int part, int parts) {}
