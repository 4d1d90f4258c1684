package io.rglcd.data.image;

import java.io.ByteArrayOutputStream;

/**
 * A JPEG without the segments that do not matter to its pixels, and how its components are to be
 * understood by libjpeg's rules. Profiles, thumbnails and other passengers, which are broken more
 * often than pictures, so never reach the decoder.
 *
 * @param model of the components
 * @param bytes the picture's own segments; for {@link Model#YCC} with the marker that says so
 */
record JpegStream(Model model, byte[] bytes) {

  /** What the components of a picture are. */
  enum Model {
    GRAY,
    YCC,
    RGB,
    CMYK,
    YCCK
  }

  private static final int START_OF_SCAN = 0xda;
  private static final int COMMENT = 0xfe;
  private static final int APP0 = 0xe0;
  private static final int APP14 = 0xee;
  private static final int NO_ADOBE = -1;

  /** Version 1.2, pixels that are square, no thumbnail; its components are YCbCr or grey. */
  private static final byte[] JFIF = {
    (byte) 0xff, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0
  };

  static JpegStream parse(byte[] jpeg) throws ImageException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    int adobe = NO_ADOBE;
    boolean jfif = false;
    byte[] ids = {};
    int at = 2;
    while (true) {
      while (at + 1 < jpeg.length && !isMarker(jpeg, at)) {
        at++;
      }
      if (at + 4 > jpeg.length) {
        throw corrupt("it ends before its pixels");
      }
      int marker = jpeg[at + 1] & 0xff;
      if (marker == START_OF_SCAN) {
        break;
      }
      int length = 2 + u16(jpeg, at + 2);
      if (length < 4 || at + length > jpeg.length) {
        throw corrupt("segment " + Integer.toHexString(marker) + " is cut short");
      }
      if (marker == APP0) {
        jfif |= is(jpeg, at, length, "JFIF\0");
      } else if (marker == APP14 && length >= 16 && is(jpeg, at, length, "Adobe")) {
        adobe = jpeg[at + 15] & 0xff;
      } else if (isStartOfFrame(marker)) {
        ids = componentIds(jpeg, at, length);
      }
      if (marker != COMMENT && (marker & 0xf0) != APP0) {
        kept.write(jpeg, at, length);
      }
      at += length;
    }
    Model model = model(ids, jfif, adobe);
    ByteArrayOutputStream whole = new ByteArrayOutputStream(JFIF.length + jpeg.length);
    whole.write(jpeg, 0, 2);
    if (model == Model.YCC) {
      whole.writeBytes(JFIF);
    }
    whole.writeBytes(kept.toByteArray());
    whole.write(jpeg, at, jpeg.length - at);
    return new JpegStream(model, whole.toByteArray());
  }

  private static Model model(byte[] ids, boolean jfif, int adobe) throws ImageException {
    return switch (ids.length) {
      case 1 -> Model.GRAY;
      case 3 -> isRgb(ids, jfif, adobe) ? Model.RGB : Model.YCC;
      case 4 -> adobe == NO_ADOBE || adobe == 0 ? Model.CMYK : Model.YCCK;
      default ->
          throw new ImageException(
              ImageException.Kind.UNSUPPORTED,
              "JPEG of " + ids.length + " components (expected: 1, 3 or 4)");
    };
  }

  private static boolean isRgb(byte[] ids, boolean jfif, int adobe) {
    if (jfif) {
      return false;
    }
    return adobe == NO_ADOBE ? ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B' : adobe == 0;
  }

  private static byte[] componentIds(byte[] jpeg, int at, int length) throws ImageException {
    int count = length > 9 ? jpeg[at + 9] & 0xff : 0;
    if (length != 10 + 3 * count) {
      throw corrupt("its frame header is malformed");
    }
    byte[] ids = new byte[count];
    for (int i = 0; i < count; i++) {
      ids[i] = jpeg[at + 10 + 3 * i];
    }
    return ids;
  }

  /** Bytes between segments, and the fill bytes before a marker, are passed over. */
  private static boolean isMarker(byte[] jpeg, int at) {
    int code = jpeg[at + 1] & 0xff;
    return jpeg[at] == (byte) 0xff && code != 0 && code != 0xff;
  }

  private static boolean is(byte[] jpeg, int at, int length, String name) {
    if (length < 4 + name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (jpeg[at + 4 + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** SOF0 to SOF15 without the three numbers that mean something else (DHT, JPG, DAC). */
  private static boolean isStartOfFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private static ImageException corrupt(String reason) {
    return new ImageException(ImageException.Kind.CORRUPT, "JPEG: " + reason);
  }
}
