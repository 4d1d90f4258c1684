package io.rglcd.cli.report;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One quantity of the teacher and of the student before and after, by number of steps.
 *
 * @param teacher25 teacher, 25 steps of DDIM
 * @param before1 student before, 1 step
 * @param before2 student before, 2 steps
 * @param before4 student before, 4 steps
 * @param after1 student after, 1 step
 * @param after2 student after, 2 steps
 * @param after4 student after, 4 steps
 */
public record RewardTable(
    @JsonProperty("teacher_25") double teacher25,
    @JsonProperty("before_1") double before1,
    @JsonProperty("before_2") double before2,
    @JsonProperty("before_4") double before4,
    @JsonProperty("after_1") double after1,
    @JsonProperty("after_2") double after2,
    @JsonProperty("after_4") double after4) {}
