package io.rglcd.data.pack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A sample whose picture is ready for a network.
 *
 * @param key of the sample
 * @param pixels [3,R,R] in [-1,1]
 * @param captions of it, at least one
 * @param files extension to content of its other files
 */
public record SquarePicture(
    String key, float[] pixels, List<String> captions, Map<String, byte[]> files) {

  /** The other files after those that take the picture's place. */
  public Map<String, byte[]> filesAfter(Map<String, byte[]> first) {
    Map<String, byte[]> all = new LinkedHashMap<>(first);
    files.forEach(all::putIfAbsent);
    return all;
  }
}
