package io.rglcd.cluster.network;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A network device of Linux whose other side is this process: it reads the frames that the kernel
 * sends there, and what it writes the kernel receives. The device may be moved to another network
 * namespace; this process keeps its side. It is gone when the process is.
 *
 * @see <a href="https://docs.kernel.org/networking/tuntap.html">Universal TUN/TAP device driver</a>
 */
final class Tap {

  /** What makes such devices. */
  static final String DRIVER = "/dev/net/tun";

  private static final int READ_AND_WRITE = 2;

  /** TUNSETIFF. */
  private static final NativeLong MAKE = new NativeLong(0x400454caL);

  /** IFF_TAP and IFF_NO_PI. */
  private static final short FRAMES_WITHOUT_HEADER = 0x1002;

  private static final int REQUEST_BYTES = 40;
  private static final int FLAGS_AT = 16;

  /** More than a frame has where no device joins several into one. */
  private static final int FRAME_BYTES = 2048;

  private static final LibC LIB_C = Native.load("c", LibC.class);

  private final int file;

  private Tap(int file) {
    this.file = file;
  }

  /** The calls that Java has none for. */
  private interface LibC extends Library {
    int open(String path, int flags) throws LastErrorException;

    int ioctl(int file, NativeLong request, byte[] argument) throws LastErrorException;

    NativeLong read(int file, byte[] bytes, NativeLong count) throws LastErrorException;

    NativeLong write(int file, byte[] bytes, NativeLong count);
  }

  /**
   * Makes a device.
   *
   * @throws LastErrorException if this user may not
   */
  static Tap make(String name) {
    int file = LIB_C.open(DRIVER, READ_AND_WRITE);
    ByteBuffer request = ByteBuffer.allocate(REQUEST_BYTES).order(ByteOrder.nativeOrder());
    request.put(name.getBytes(StandardCharsets.US_ASCII));
    request.putShort(FLAGS_AT, FRAMES_WITHOUT_HEADER);
    LIB_C.ioctl(file, MAKE, request.array());
    return new Tap(file);
  }

  /** Waits for a frame. */
  byte[] read() {
    byte[] frame = new byte[FRAME_BYTES];
    return Arrays.copyOf(frame, LIB_C.read(file, frame, new NativeLong(FRAME_BYTES)).intValue());
  }

  /** Delivers a frame; it is lost if the device is down. */
  void write(byte[] frame) {
    LIB_C.write(file, frame, new NativeLong(frame.length));
  }
}
