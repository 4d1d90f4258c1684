package io.rglcd.data.image;

/**
 * What the segments of a JPEG before its first scan say about colours.
 *
 * @param components number of colour components, 0 where none is declared
 * @param ycck whether Adobe's APP14 segment declares the transform to YCCK (2)
 */
record JpegHeader(int components, boolean ycck) {

  private static final int START_OF_SCAN = 0xda;
  private static final int APP14 = 0xee;
  private static final int ADOBE_TRANSFORM = 15;

  static JpegHeader parse(byte[] jpeg) {
    int components = 0;
    boolean ycck = false;
    int at = 2;
    while (at + ADOBE_TRANSFORM < jpeg.length && (jpeg[at] & 0xff) == 0xff) {
      int marker = jpeg[at + 1] & 0xff;
      if (marker == 0xff) {
        at++;
        continue;
      }
      if (marker == START_OF_SCAN) {
        break;
      }
      if (marker == APP14) {
        ycck = jpeg[at + ADOBE_TRANSFORM] == 2;
      } else if (isStartOfFrame(marker)) {
        components = jpeg[at + 9] & 0xff;
      }
      at += 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
    }
    return new JpegHeader(components, ycck);
  }

  /** SOF0 to SOF15 without the three numbers that mean something else (DHT, JPG, DAC). */
  private static boolean isStartOfFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }
}
