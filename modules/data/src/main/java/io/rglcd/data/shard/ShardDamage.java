package io.rglcd.data.shard;

/**
 * Why a shard could not be read to its end; the samples before the damage are kept.
 *
 * @param shard name of the shard
 * @param reason what was found
 * @param samplesKept number of samples before it
 */
public record ShardDamage(String shard, String reason, int samplesKept) {

  @Override
  public String toString() {
    return "shard " + shard + ": " + reason + "; " + samplesKept + " samples before it are kept";
  }
}
