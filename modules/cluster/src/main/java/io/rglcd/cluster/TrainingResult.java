package io.rglcd.cluster;

import io.rglcd.data.SampleLedger;
import java.nio.file.Path;

/**
 * How a run ended.
 *
 * @param step number of committed updates, with those before a resume
 * @param stopped whether it was stopped before its last step
 * @param ledger what became of the samples
 * @param checkpoint directory of the state it ended with
 */
public record TrainingResult(long step, boolean stopped, SampleLedger ledger, Path checkpoint) {}
