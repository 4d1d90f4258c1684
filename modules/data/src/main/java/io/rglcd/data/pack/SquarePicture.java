package io.rglcd.data.pack;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A sample whose picture is ready for a network.
 *
 * @param key of the sample
 * @param pixels [3,R,R] in [-1,1]
 * @param files extension to content of its other files
 */
public record SquarePicture(String key, float[] pixels, Map<String, byte[]> files) {

  /** The other files after one that takes the picture's place. */
  public Map<String, byte[]> filesWith(String extension, byte[] content) {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put(extension, content);
    files.forEach(all::putIfAbsent);
    return all;
  }
}
