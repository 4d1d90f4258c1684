package io.rglcd.tensor.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Scope;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {

  @TempDir Path dir;

  @Test
  void readsSinglesWithShapeMetadataAndPlace() {
    Path path =
        RawFile.write(
            dir.resolve("a.safetensors"),
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}  ",
            RawFile.floats(1.5f, -2f, 3f));
    try (Scope scope = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.metadata()).containsOnlyKeys("format").containsValue("pt");
      assertThat(file.tensors().get("w"))
          .isEqualTo(new TensorInfo(DType.F32, new long[] {2, 1}, 0, 8));
      NDArray w = file.read(scope, "w");
      assertThat(w.getShape()).isEqualTo(new Shape(2, 1));
      assertThat(w.toFloatArray()).containsExactly(1.5f, -2f);
      assertThat(file.read(scope, "s").getShape()).isEqualTo(new Shape());
      assertThat(file.read(scope, "s").toFloatArray()).containsExactly(3f);
    }
  }

  @Test
  void widensHalvesAndBfloats() {
    Path path =
        RawFile.write(
            dir.resolve("h.safetensors"),
            "{\"h\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[8,16]}}",
            RawFile.shorts(0x3C00, 0xC000, 0x0001, 0x7C00, 0x3F80, 0xC049, 0x0001, 0xFF80));
    try (Scope scope = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.read(scope, "h").toFloatArray())
          .containsExactly(1f, -2f, 0x1p-24f, Float.POSITIVE_INFINITY);
      NDArray b = file.read(scope, "b");
      assertThat(b.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(b.getShape()).isEqualTo(new Shape(2, 2));
      assertThat(b.toFloatArray())
          .containsExactly(1f, -3.140625f, Float.intBitsToFloat(1 << 16), Float.NEGATIVE_INFINITY);
    }
  }

  @Test
  void widensEveryHalfAndEveryBfloatExactly() {
    int all = 1 << 16;
    int[] codes = IntStream.range(0, all).toArray();
    for (String type : new String[] {"F16", "BF16"}) {
      Path path =
          RawFile.write(
              dir.resolve(type + ".safetensors"),
              "{\"x\":{\"dtype\":\"" + type + "\",\"shape\":[65536],\"data_offsets\":[0,131072]}}",
              RawFile.shorts(codes));
      try (Scope scope = Scope.open();
          SafetensorsFile file = SafetensorsFile.open(path)) {
        float[] read = file.read(scope, "x").toFloatArray();
        for (int code : codes) {
          assertThat(read[code])
              .isEqualTo(Float.valueOf(type.equals("F16") ? half(code) : bfloat(code)));
        }
      }
    }
  }

  private static float bfloat(int code) {
    return Float.intBitsToFloat(code << 16);
  }

  private static float half(int code) {
    int exponent = code >> 10 & 0x1F;
    int mantissa = code & 0x3FF;
    float sign = code >> 15 == 0 ? 1 : -1;
    if (exponent == 0x1F) {
      return mantissa == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
    }
    return exponent == 0
        ? sign * Math.scalb((float) mantissa, -24)
        : sign * Math.scalb((float) (mantissa | 0x400), exponent - 25);
  }

  @Test
  void readsIntegersBytesTruthsDoublesAndEmptyTensorsAlsoWhereTheyAreNotAligned() {
    Path path =
        RawFile.write(
            dir.resolve("i.safetensors"),
            "{\"t\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[0,3]},"
                + "\"e\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[3,3]},"
                + "\"l\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[3,11]},"
                + "\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[11,19]},"
                + "\"i\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[19,23]},"
                + "\"u\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[23,25]}}",
            new byte[] {
              1, 0, 7, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, -8, 63, -1, -1, -1, -1, -1, 2
            });
    try (Scope scope = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.read(scope, "t").toBooleanArray()).containsExactly(true, false, true);
      assertThat(file.read(scope, "e").getShape()).isEqualTo(new Shape(0, 7));
      assertThat(file.read(scope, "l").toLongArray()).containsExactly((1L << 32) + 1);
      assertThat(file.read(scope, "d").toDoubleArray()).containsExactly(1.5);
      assertThat(file.read(scope, "i").toIntArray()).containsExactly(-1);
      assertThat(file.read(scope, "u").toUint8Array()).containsExactly(255, 2);
    }
  }

  @Test
  void tensorsOutliveTheFileAndTheScopeTheyWereReadIn() {
    float[] values = new float[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Path path =
        RawFile.write(
            dir.resolve("o.safetensors"),
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[100000],\"data_offsets\":[0,400000]}}     ",
            RawFile.floats(values));
    try (Scope scope = Scope.open()) {
      NDArray kept;
      try (Scope child = scope.child();
          SafetensorsFile file = SafetensorsFile.open(path)) {
        kept = child.keep(file.read(child, "w"));
      }
      System.gc();
      assertThat(kept.toFloatArray()).isEqualTo(values);
    }
  }

  @Test
  void namesTheTensorThatIsNotThereAndTheFileThatIsNotThere() {
    Path path = RawFile.write(dir.resolve("n.safetensors"), "{}");
    try (Scope scope = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThatThrownBy(() -> file.read(scope, "conv.weight"))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining("conv.weight")
          .hasMessageContaining("n.safetensors");
    }
    assertThatThrownBy(() -> SafetensorsFile.open(dir.resolve("gone.safetensors")))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining("missing")
        .hasMessageContaining("gone.safetensors");
  }

  @Test
  void joinsTensorsLongerThanOneMap() {
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i - 500.25f;
    }
    Path path = dir.resolve("long.safetensors");
    try (Scope scope = Scope.open()) {
      SafetensorsWriter.write(
          path,
          Map.of(
              "w",
              scope.manager().create(values, new Shape(10, 100)),
              "i",
              scope.manager().create(new int[] {4, 5})),
          Map.of());
      try (SafetensorsFile file = SafetensorsFile.open(path, 64)) {
        NDArray w = file.read(scope, "w");
        assertThat(w.getShape()).isEqualTo(new Shape(10, 100));
        assertThat(w.toFloatArray()).isEqualTo(values);
        assertThat(file.read(scope, "i").toIntArray()).containsExactly(4, 5);
      }
    }
  }

  @Test
  void readsBeyondTwoGibibytes() throws IOException {
    long hole = 5L << 29;
    Path path =
        RawFile.write(
            dir.resolve("huge.safetensors"),
            "{\"hole\":{\"dtype\":\"F32\",\"shape\":["
                + hole / 4
                + "],\"data_offsets\":[0,"
                + hole
                + "]},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":["
                + hole
                + ","
                + (hole + 8)
                + "]}}");
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.seek(sparse.length() + hole);
      sparse.write(RawFile.floats(1.5f, -8f));
    }
    try (Scope scope = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.read(scope, "w").toFloatArray()).containsExactly(1.5f, -8f);
    }
  }
}
