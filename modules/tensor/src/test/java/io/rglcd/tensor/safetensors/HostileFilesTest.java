package io.rglcd.tensor.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file may claim, and the sentence it gets for it. */
@Timeout(60)
class HostileFilesTest {

  @TempDir Path dir;

  private static String entry(String dtype, String shape, String offsets) {
    return "{\"dtype\":" + dtype + ",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
  }

  private void assertRefused(String header, int dataBytes, String offence) {
    assertRefused(RawFile.bytes(header, new byte[dataBytes]), offence);
  }

  private void assertRefused(byte[] bytes, String offence) {
    Path path = RawFile.write(dir.resolve("hostile.safetensors"), bytes);
    assertThatThrownBy(() -> SafetensorsFile.open(path).close())
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining("hostile.safetensors")
        .hasMessageContaining(offence)
        .message()
        .hasSizeLessThan(1000)
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 0, 1, 100_000_001, Long.MAX_VALUE})
  void headerLengthsThatCannotBe(long length) {
    byte[] bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    assertRefused(bytes, "header length of " + Long.toUnsignedString(length));
  }

  @Test
  void headerLongerThanTheFile() {
    byte[] bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(57).array();
    assertRefused(bytes, "truncated");
  }

  @Test
  void filesTooShortForALength() {
    assertRefused(new byte[0], "0 bytes");
    assertRefused(new byte[7], "7 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                       | is not a JSON object",
        "\"text\"                 | is not a JSON object",
        "{\"w\":                  | not valid JSON",
        "{\"w\":}                 | not valid JSON",
        "{{}                      | not valid JSON",
        "{} {}                    | goes on after",
        "{}x                      | not valid JSON",
        "{\"w\":1}                | entry 'w' that is not an object",
        "{\"w\":null}             | entry 'w' that is not an object",
        "{\"w\":[]}               | entry 'w' that is not an object",
        "{\"w\":{}}               | without dtype",
        "{\"__metadata__\":1}     | __metadata__ that is not an object",
        "{\"__metadata__\":{\"a\":1}}                  | metadata 'a' that is not a string",
        "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}    | metadata 'a' twice",
        "{\"__metadata__\":{},\"__metadata__\":{}}     | __metadata__ twice",
      })
  void headersThatAreNoTableOfTensors(String header, String offence) {
    assertRefused(header, 0, offence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"F32\"  | [2]     | [0,9]    | data_offsets [0, 9]",
        "\"F32\"  | [2]     | [8,0]    | data_offsets [8, 0]",
        "\"F32\"  | [2]     | [0]      | data_offsets [0]",
        "\"F32\"  | [2]     | [0,4,8]  | data_offsets [0, 4, 8]",
        "\"F32\"  | [2]     | [-8,0]   | data_offsets holds '-8'",
        "\"F32\"  | [2]     | 8        | data_offsets is not an array",
        "\"F32\"  | [2]     | [0,9223372036854775808] | data_offsets holds '9223372036854775808'",
        "\"F32\"  | [2]     | [0,9223372036854775807] | data_offsets [0, 9223372036854775807]",
        "\"F32\"  | [3]     | [0,8]    | 8 bytes (expected: 12 for F32[3])",
        "\"F64\"  | [2]     | [0,8]    | 8 bytes (expected: 16 for F64[2])",
        "\"F32\"  | [-2]    | [0,8]    | shape holds '-2'",
        "\"F32\"  | [2.0]   | [0,8]    | shape holds '2.0'",
        "\"F32\"  | [1e30]  | [0,8]    | shape holds '1e30'",
        "\"F32\"  | [\"2\"] | [0,8]    | shape holds '2'",
        "\"F32\"  | [[2]]   | [0,8]    | shape holds '['",
        "\"F32\"  | {}      | [0,8]    | shape is not an array",
        "\"F32\"  | [4294967296,4294967296] | [0,8] | absurd shape",
        "\"F32\"  | [9223372036854775807,2] | [0,8] | absurd shape",
        "\"F8_E4M3\" | [8]  | [0,8]    | dtype 'F8_E4M3' (expected: one of [F64, F32,",
        "\"f32\"  | [2]     | [0,8]    | dtype 'f32'",
        "7        | [2]     | [0,8]    | dtype '7'",
        "\"F32\"  | [1]     | [0,4]    | last 4 bytes of the data to no tensor",
        "\"F32\"  | [1]     | [4,8]    | bytes 0 to 4 of the data to no tensor",
      })
  void tensorsThatCannotBe(String dtype, String shape, String offsets, String offence) {
    assertRefused("{\"w\":" + entry(dtype, shape, offsets) + "}", 8, offence);
  }

  @Test
  void shapesOfTooManyDimensions() {
    String ones = "1" + ",1".repeat(1_000_000);
    assertRefused(
        "{\"w\":" + entry("\"U8\"", "[" + ones + "]", "[0,1]") + "}", 1, "longer than 64");
  }

  @Test
  void tensorsThatOverlapOrComeTwice() {
    String half = entry("\"F32\"", "[1]", "[0,4]");
    String whole = entry("\"F32\"", "[2]", "[0,8]");
    assertRefused("{\"a\":" + half + ",\"b\":" + whole + "}", 8, "'a' and 'b' overlap");
    assertRefused("{\"a\":" + whole + ",\"a\":" + whole + "}", 8, "tensor 'a' twice");
    assertRefused(
        "{\"a\":{\"shape\":[2],\"shape\":[2],\"dtype\":\"F32\",\"data_offsets\":[0,8]}}",
        8,
        "shape of tensor 'a' twice");
  }

  @Test
  void emptyTensorWithinAnotherOverlaps() {
    assertRefused(
        "{\"a\":"
            + entry("\"F32\"", "[2]", "[0,8]")
            + ",\"e\":"
            + entry("\"F32\"", "[0]", "[4,4]")
            + "}",
        8,
        "'a' and 'e' overlap");
  }

  @Test
  void namesAreShownShortAndWithoutControlCharacters() {
    String name = "\\n\\u001b[31m" + "x".repeat(40_000);
    assertRefused("{\"" + name + "\":1}", 0, "'??[31mxxx");
  }

  @Test
  void namesThatAreOnlyOddAreNames() {
    String header =
        "{\"\":"
            + entry("\"U8\"", "[1]", "[0,1]")
            + ",\"../\\u00e9 \\u0000\":"
            + entry("\"U8\"", "[1]", "[1,2]")
            + "}";
    Path path = RawFile.write(dir.resolve("odd.safetensors"), header, (byte) 1, (byte) 2);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.tensors()).containsOnlyKeys("", "../é \0");
    }
  }

  @Test
  void bytesThatAreNoText() {
    byte[] bytes = RawFile.bytes("{\"w\":1}", new byte[0]);
    bytes[10] = (byte) 0xC3;
    assertRefused(bytes, "not valid");
  }

  @Test
  void nestingDeeperThanAStack() {
    assertRefused("{\"w\":{\"x\":" + "[".repeat(5_000_000), 0, "not valid JSON");
  }

  @Test
  void aHundredMegabytesOfOneName() {
    assertRefused("{\"" + "a".repeat(99_000_000), 0, "not valid JSON");
  }

  @Test
  void aHundredMegabytesOfManyNames() throws IOException {
    Path path = dir.resolve("hostile.safetensors");
    byte[] line = "\"__________\":{},".getBytes(StandardCharsets.UTF_8);
    byte[] header = new byte[100_000_000];
    for (int i = 0; i < header.length; i++) {
      header[i] = line[i % line.length];
    }
    header[0] = '{';
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
      file.write(header);
    }
    assertThatThrownBy(() -> SafetensorsFile.open(path).close())
        .isInstanceOf(SafetensorsException.class);
  }

  @Test
  void aDirectory() {
    assertThatThrownBy(() -> SafetensorsFile.open(dir).close())
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining("directory");
  }
}
