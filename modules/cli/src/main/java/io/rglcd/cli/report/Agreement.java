package io.rglcd.cli.report;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Mean squared latent distance to the teacher's 25 steps from the same noise.
 *
 * @param before1 student before, 1 step
 * @param before2 student before, 2 steps
 * @param before4 student before, 4 steps
 * @param after1 student after, 1 step
 * @param after2 student after, 2 steps
 * @param after4 student after, 4 steps
 */
public record Agreement(
    @JsonProperty("before_1") double before1,
    @JsonProperty("before_2") double before2,
    @JsonProperty("before_4") double before4,
    @JsonProperty("after_1") double after1,
    @JsonProperty("after_2") double after2,
    @JsonProperty("after_4") double after4) {}
