package io.rglcd.data.array;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** NumPy's npz files: zip archives of npy files, stored or compressed. */
public final class NpzFile {

  private static final String SUFFIX = ".npy";

  private NpzFile() {}

  /**
   * The arrays in these bytes, in their order.
   *
   * @param maxBytes of all arrays together once they are unpacked
   * @throws ArrayException where they are no npz file or more than that
   */
  public static List<FloatArray> parse(byte[] bytes, long maxBytes) throws ArrayException {
    List<FloatArray> arrays = new ArrayList<>();
    long left = maxBytes;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        byte[] content = zip.readNBytes((int) Math.min(left + 1, Integer.MAX_VALUE - 16));
        left -= content.length;
        if (left < 0) {
          throw new ArrayException("npz arrays of more than " + maxBytes + " bytes");
        }
        if (entry.getName().endsWith(SUFFIX)) {
          String name = entry.getName();
          arrays.add(NpyFile.parse(name.substring(0, name.length() - SUFFIX.length()), content));
        }
      }
    } catch (IOException e) {
      throw new ArrayException("npz archive: " + e.getMessage());
    }
    if (arrays.isEmpty()) {
      throw new ArrayException("no npz data");
    }
    return arrays;
  }
}
