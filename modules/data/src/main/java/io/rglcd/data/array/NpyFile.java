package io.rglcd.data.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's npy files, versions 1 to 3, of floating-point numbers, integers and truth values of
 * either byte order. Arrays of objects would be pickles and are refused.
 *
 * <p>Source: NumPy, "A simple file format for NumPy arrays" (NEP 1 and numpy.lib.format).
 */
public final class NpyFile {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** The numbers of a file begin at a multiple of this, as NumPy writes them. */
  private static final int ALIGNMENT = 64;

  private static final Pattern TYPE =
      Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([<>|=]?)([fiub])(\\d+)['\"]");
  private static final Pattern FORTRAN =
      Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
  private static final Pattern SHAPE =
      Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(((?:\\s*\\d+L?\\s*,?)*)\\s*\\)");

  private NpyFile() {}

  /**
   * The array in these bytes; what follows it is passed over.
   *
   * @throws ArrayException where they are no npy file, one of another type, or cut short
   */
  public static FloatArray parse(byte[] bytes) throws ArrayException {
    return parse("", bytes);
  }

  /** A file of version 1.0 of float32 in row-major order, little-endian. */
  public static byte[] format(FloatArray array) {
    StringBuilder shape = new StringBuilder();
    array.shape().forEach(length -> shape.append(length).append(", "));
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape.toString().strip() + "), }";
    int end = MAGIC.length + 4 + header.length() + 1;
    int padding = Math.floorMod(-end, ALIGNMENT);
    String padded = header + " ".repeat(padding) + "\n";
    ByteBuffer file =
        ByteBuffer.allocate(end + padding + Float.BYTES * array.values().length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .put((byte) 1)
            .put((byte) 0)
            .putShort((short) padded.length())
            .put(padded.getBytes(StandardCharsets.US_ASCII));
    file.asFloatBuffer().put(array.values());
    return file.array();
  }

  static FloatArray parse(String name, byte[] bytes) throws ArrayException {
    if (bytes.length < 12 || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
      throw new ArrayException("no npy data");
    }
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean old = bytes[6] == 1;
    file.position(8);
    long length = old ? file.getShort() & 0xffff : file.getInt() & 0xffffffffL;
    if (length > file.remaining()) {
      throw new ArrayException("the npy header is cut short");
    }
    byte[] text = new byte[(int) length];
    file.get(text);
    String header = new String(text, StandardCharsets.UTF_8);
    Matcher type = find(TYPE, header, "a type of numbers");
    List<Integer> shape = shape(find(SHAPE, header, "a shape").group(1));
    boolean fortran = find(FORTRAN, header, "an order").group(1).equals("True");
    file.order(type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    float[] values = values(file, type.group(2) + type.group(3), count(shape));
    return new FloatArray(name, shape, fortran ? rowMajor(values, shape) : values);
  }

  private static Matcher find(Pattern pattern, String header, String what) throws ArrayException {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new ArrayException("npy header without " + what + ": " + header.strip());
    }
    return matcher;
  }

  private static List<Integer> shape(String text) throws ArrayException {
    List<Integer> shape = new ArrayList<>();
    for (String part : text.replace("L", "").split(",", -1)) {
      if (!part.isBlank()) {
        try {
          shape.add(Integer.parseInt(part.strip()));
        } catch (NumberFormatException e) {
          throw new ArrayException("npy array of a dimension of " + part.strip());
        }
      }
    }
    return shape;
  }

  private static long count(List<Integer> shape) throws ArrayException {
    try {
      return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw new ArrayException("npy array of shape " + shape + " is too large");
    }
  }

  private static float[] values(ByteBuffer data, String type, long count) throws ArrayException {
    return switch (type) {
      case "f2" -> values(data, count, 2, b -> halfToFloat(b.getShort()));
      case "f4" -> values(data, count, 4, ByteBuffer::getFloat);
      case "f8" -> values(data, count, 8, ByteBuffer::getDouble);
      case "i1" -> values(data, count, 1, ByteBuffer::get);
      case "u1", "b1" -> values(data, count, 1, b -> b.get() & 0xff);
      case "i2" -> values(data, count, 2, ByteBuffer::getShort);
      case "u2" -> values(data, count, 2, b -> b.getShort() & 0xffff);
      case "i4" -> values(data, count, 4, ByteBuffer::getInt);
      case "u4" -> values(data, count, 4, b -> b.getInt() & 0xffffffffL);
      case "i8" -> values(data, count, 8, ByteBuffer::getLong);
      default -> throw new ArrayException("npy array of type " + type + " (expected: f2 to i8)");
    };
  }

  private static float[] values(
      ByteBuffer data, long count, int size, ToDoubleFunction<ByteBuffer> read)
      throws ArrayException {
    if (count > data.remaining() / size) {
      throw new ArrayException(
          "npy array of " + count + " values is cut short after " + data.remaining() + " bytes");
    }
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) read.applyAsDouble(data);
    }
    return values;
  }

  /** IEEE 754 binary16; Java has it from 20 on. */
  private static float halfToFloat(short half) {
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Math.scalb(0x400 + fraction, exponent - 25);
        };
    return half < 0 ? -magnitude : magnitude;
  }

  private static float[] rowMajor(float[] columns, List<Integer> shape) {
    int rank = shape.size();
    int[] strides = strides(rank, i -> shape.get(i));
    float[] rows = new float[columns.length];
    int[] at = new int[rank];
    for (int i = 0; i < rows.length; i++) {
      int from = 0;
      for (int d = 0; d < rank; d++) {
        from += at[d] * strides[d];
      }
      rows[i] = columns[from];
      for (int d = rank - 1; d >= 0 && ++at[d] == shape.get(d); d--) {
        at[d] = 0;
      }
    }
    return rows;
  }

  private static int[] strides(int rank, IntFunction<Integer> dimension) {
    int[] strides = new int[rank];
    int stride = 1;
    for (int d = 0; d < rank; d++) {
      strides[d] = stride;
      stride *= dimension.apply(d);
    }
    return strides;
  }
}
