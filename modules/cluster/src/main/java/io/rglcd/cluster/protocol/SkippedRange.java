package io.rglcd.cluster.protocol;

import io.rglcd.data.SampleRange;

/**
 * Samples that are not used in their epoch.
 *
 * @param range which
 * @param reason why
 */
public record SkippedRange(SampleRange range, String reason) {}
