package io.rglcd.tensor;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Builds in memory the zip archive that {@code torch.jit.load} reads, around the text of one {@code
 * forward} method: a module without parameters.
 */
final class ScriptArchive {

  /**
   * Pickle (protocol 2) of an object {@code __torch__.K} with the state {@code {training: True}}.
   */
  private static final byte[] OBJECT =
      latin1("\u0080\u0002c__torch__\nK\n)\u0081}X\b\0\0\0training\u0088sb.");

  /** Pickle (protocol 2) of an empty tuple: the module has no constants. */
  private static final byte[] NO_CONSTANTS = latin1("\u0080\u0002).");

  private ScriptArchive() {}

  static InputStream of(String forward) {
    String code =
        "class K(Module):\n"
            + "  __parameters__ = []\n"
            + "  __buffers__ = []\n"
            + "  training : bool\n"
            + forward.stripIndent().indent(2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "k/data.pkl", OBJECT);
      store(zip, "k/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      store(zip, "k/constants.pkl", NO_CONSTANTS);
      store(zip, "k/version", latin1("3\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
