package io.rglcd.data.shard;

/**
 * Why a shard could not be read to its end; the samples before the damage are kept.
 *
 * @param shard name of the shard
 * @param reason what was found
 * @param samplesKept number of samples before it
 * @param missing whether there is no such shard at all
 */
public record ShardDamage(String shard, String reason, int samplesKept, boolean missing) {

  /** Of a shard that exists. */
  public ShardDamage(String shard, String reason, int samplesKept) {
    this(shard, reason, samplesKept, false);
  }

  @Override
  public String toString() {
    if (missing) {
      return reason;
    }
    return "shard " + shard + ": " + reason + "; " + samplesKept + " samples before it are kept";
  }
}
