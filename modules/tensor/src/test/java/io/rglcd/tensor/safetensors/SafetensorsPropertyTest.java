package io.rglcd.tensor.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Scope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever the bytes: tensors that fit the file, or a SafetensorsException; nothing else. */
class SafetensorsPropertyTest {

  private static Path dir;
  private static byte[] sound;
  private static int headerEnd;

  @BeforeContainer
  static void writeASoundFile() throws IOException {
    dir = Files.createTempDirectory("safetensors-properties");
    Path file = dir.resolve("sound.safetensors");
    try (Scope scope = Scope.open()) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      tensors.put("conv.weight", scope.manager().create(new float[] {1, 2, 3, 4}, new Shape(2, 2)));
      tensors.put("ids", scope.manager().create(new long[] {9, 8, 7}));
      tensors.put("mask", scope.manager().create(new boolean[] {true, false, true}));
      tensors.put("none", scope.manager().zeros(new Shape(0, 4)));
      SafetensorsWriter.write(file, tensors, SafetensorsWriter.PYTORCH);
    }
    sound = Files.readAllBytes(file);
    headerEnd = 8 + ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  @AfterContainer
  static void deleteFiles() throws IOException {
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(dir);
  }

  /** Whether the bytes were taken; every tensor of a taken file is read to its last byte. */
  private static boolean accepted(byte[] bytes) {
    Path path = RawFile.write(dir.resolve("mutant.safetensors"), bytes);
    try (Scope scope = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(path)) {
      file.tensors()
          .forEach(
              (name, info) -> {
                NDArray tensor = file.read(scope, name);
                assertThat(tensor.getShape()).isEqualTo(info.toShape());
                assertThat(tensor.toByteArray())
                    .hasSize((int) info.toShape().size() * info.dtype().readAs().getNumOfBytes());
              });
      return true;
    } catch (SafetensorsException e) {
      assertThat(e.getMessage()).contains("mutant.safetensors").doesNotContain("\n");
      return false;
    } finally {
      path.toFile().delete();
    }
  }

  @Property(tries = 500)
  void randomBytesAreRefused(@ForAll byte[] bytes) {
    assertThat(accepted(bytes)).isFalse();
  }

  @Property(tries = 500)
  void randomHeadersOfTheRightLengthAreRefusedOrEmpty(@ForAll("jsonish") String header) {
    if (accepted(RawFile.bytes(header, new byte[0]))) {
      assertThat(header).startsWith("{");
    }
  }

  @Provide
  Arbitrary<String> jsonish() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"w\"",
            "\"dtype\"",
            "\"F32\"",
            "\"shape\"",
            "\"data_offsets\"",
            "\"__metadata__\"",
            "0",
            "-1",
            "1e9",
            "99999999999999999999",
            "null",
            "true",
            " ",
            "\\",
            "\"",
            "\u0000")
        .list()
        .ofMinSize(1)
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
  void flippedBitsOfTheHeaderNeverCrash(
      @ForAll("places") int[] places, @ForAll @IntRange(min = 0, max = 7) int bit) {
    byte[] mutant = sound.clone();
    for (int place : places) {
      mutant[place] ^= (byte) (1 << bit);
    }
    if (accepted(mutant)) {
      assertThat(mutant).hasSameSizeAs(sound);
    }
  }

  @Provide
  Arbitrary<int[]> places() {
    return Arbitraries.integers()
        .between(0, headerEnd - 1)
        .array(int[].class)
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Property(tries = 300)
  void truncationAtAnyByteIsRefused(@ForAll("cuts") int length) {
    assertThat(accepted(Arrays.copyOf(sound, length))).isFalse();
  }

  @Provide
  Arbitrary<Integer> cuts() {
    return Arbitraries.integers().between(0, sound.length - 1);
  }

  @Property(tries = 50)
  void appendedBytesAreRefused(@ForAll @IntRange(min = 1, max = 64) int more) {
    assertThat(accepted(Arrays.copyOf(sound, sound.length + more))).isFalse();
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void whatWasWrittenIsRead(@ForAll("tensorSets") Map<String, float[]> values) {
    Path path = dir.resolve("round.safetensors");
    try (Scope scope = Scope.open()) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      values.forEach(
          (name, numbers) ->
              tensors.put(name, scope.manager().create(numbers, new Shape(1, numbers.length, 1))));
      SafetensorsWriter.write(path, tensors, Map.of("k", "v\n\"é"));
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.metadata()).containsExactly(Map.entry("k", "v\n\"é"));
        assertThat(file.tensors().keySet()).containsExactlyElementsOf(values.keySet());
        values.forEach(
            (name, numbers) -> {
              NDArray read = file.read(scope, name);
              assertThat(read.getShape()).isEqualTo(new Shape(1, numbers.length, 1));
              assertThat(ByteBuffer.wrap(read.toByteArray()))
                  .isEqualTo(ByteBuffer.wrap(RawFile.floats(numbers)));
            });
      }
    }
  }

  @Provide
  Arbitrary<Map<String, float[]>> tensorSets() {
    Arbitrary<String> names =
        Arbitraries.strings().ofMaxLength(20).filter(name -> !name.equals("__metadata__"));
    Arbitrary<float[]> numbers =
        Combinators.combine(Arbitraries.integers().between(0, 40), Arbitraries.longs())
            .as(
                (count, seed) -> {
                  float[] drawn = new float[count];
                  for (int i = 0; i < count; i++) {
                    drawn[i] = Float.intBitsToFloat((int) (seed * 31 * (i + 1)) & 0xBFFFFFFF);
                  }
                  return drawn;
                });
    return Arbitraries.maps(names, numbers).ofMaxSize(6);
  }
}
