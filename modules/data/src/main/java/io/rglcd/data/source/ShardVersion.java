package io.rglcd.data.source;

/**
 * What tells one content of an address from another.
 *
 * @param tag ETag, or else time of the last change; empty where the server tells neither
 * @param size in bytes
 */
record ShardVersion(String tag, long size) {

  @Override
  public String toString() {
    return size + " bytes" + (tag.isEmpty() ? "" : ", tag " + tag);
  }
}
