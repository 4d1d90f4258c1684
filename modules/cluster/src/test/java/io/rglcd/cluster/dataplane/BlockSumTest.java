package io.rglcd.cluster.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.cluster.dataplane.BlockSum.Operand;
import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The blocks' arithmetic against libtorch's. */
class BlockSumTest {

  /** Used again and again, as by the data plane. */
  private static final BlockSum FLOAT32 = BlockSum.of(Wire.FP32);

  private static final BlockSum BFLOAT16 = BlockSum.of(Wire.BF16);

  private static final TorchFunction WEIGHTED_SUM =
      TorchFunction.of(
          """
          def forward(self, a: Tensor, b: Tensor, v: float, w: float) -> Tensor:
            return torch.add(torch.mul(a, v), torch.mul(b, w))
          """);

  private static final TorchFunction ROUND =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.to(torch.to(x, 15), 6)
          """);

  /** Of any bits but not-a-number: subnormal numbers, zeros and infinities among them. */
  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      float number = Float.intBitsToFloat(random.nextInt());
      int ties = (Float.floatToRawIntBits(number) & 0xffff0000) | 0x8000;
      numbers[i] =
          Float.isNaN(number) ? 0 : random.nextBoolean() ? number : Float.intBitsToFloat(ties);
    }
    return numbers;
  }

  private static ByteBuffer bytes(float[] numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return bytes;
  }

  private static float[] floats(ByteBuffer bytes, int count) {
    float[] floats = new float[count];
    bytes.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  private static int[] bits(float[] numbers) {
    int[] bits = new int[numbers.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.isNaN(numbers[i]) ? 0x7fc00000 : Float.floatToRawIntBits(numbers[i]);
    }
    return bits;
  }

  @Property(tries = 200)
  void sumsAreThoseOfLibtorch(
      @ForAll @IntRange(min = 1, max = 3 * BlockSum.SIZE) int count, @ForAll long seed) {
    Random random = new Random(seed);
    float[] a = numbers(random, count);
    float[] b = numbers(random, count);
    float v = random.nextFloat();
    float w = random.nextFloat();
    try (Scope scope = Scope.open()) {
      NDArray x = scope.create(a, new Shape(count));
      NDArray y = scope.create(b, new Shape(count));
      NDArray plain = WEIGHTED_SUM.call(scope, x, y, (double) v, (double) w);
      assertThat(sum(FLOAT32, a, b, v, w)).isEqualTo(bits(plain.toFloatArray()));
      NDArray rounded =
          WEIGHTED_SUM.call(
              scope, ROUND.call(scope, x), ROUND.call(scope, y), (double) v, (double) w);
      assertThat(sum(BFLOAT16, a, b, v, w))
          .isEqualTo(bits(ROUND.call(scope, rounded).toFloatArray()));
    }
  }

  /** Added at once and as two sums, as what has travelled and as what has not: all the same. */
  private static int[] sum(BlockSum block, float[] a, float[] b, float v, float w) {
    int count = a.length;
    Operand first = travelled(block.wire(), a);
    Operand second = travelled(block.wire(), b);
    Operand firstHere = Operand.here(bytes(a));
    Operand secondHere = Operand.here(bytes(b));
    int[] sum =
        written(
            block,
            count,
            (at, some) -> {
              block.begin(first, at, v, some);
              block.add(second, at, w, some);
            });
    assertThat(
            written(
                block,
                count,
                (at, some) -> {
                  block.begin(firstHere, at, v, some);
                  block.begin(second, at, w, some);
                  block.merge(some);
                }))
        .isEqualTo(sum);
    assertThat(
            written(
                block,
                count,
                (at, some) -> {
                  block.begin(first, at, v, some);
                  block.add(secondHere, at, w, some);
                }))
        .isEqualTo(sum);
    return sum;
  }

  /** Adds one block. */
  private interface Adding {
    void add(int at, int count);
  }

  /** The sum of all blocks after its way. */
  private static int[] written(BlockSum block, int count, Adding adding) {
    ByteBuffer frame = ByteBuffer.allocateDirect(block.wire().frameBytes(count));
    CRC32C crc = new CRC32C();
    for (int at = 0; at < count; at += BlockSum.SIZE) {
      int some = Math.min(BlockSum.SIZE, count - at);
      adding.add(at, some);
      block.write(frame, at, some, crc);
    }
    assertThat((int) crc.getValue()).isEqualTo(Addition.checksum(frame));
    return bits(arrived(block.wire(), frame, count));
  }

  private static Operand travelled(Wire wire, float[] numbers) {
    if (wire == Wire.FP32) {
      return Operand.travelled(bytes(numbers));
    }
    try (Scope scope = Scope.open();
        Staging staging = new Staging(wire, numbers.length)) {
      Chunk chunk = chunk(0, numbers.length);
      VectorBuffer vector = new VectorBuffer(scope.create(numbers));
      ByteBuffer packed = new Addition(wire, staging).packed(vector, chunk).bytes();
      return Operand.travelled(ByteBuffer.allocateDirect(packed.remaining()).put(packed).flip());
    }
  }

  private static float[] arrived(Wire wire, ByteBuffer frame, int count) {
    if (wire == Wire.FP32) {
      return floats(frame, count);
    }
    try (Scope scope = Scope.open();
        Staging staging = new Staging(wire, count)) {
      NDArray vector = scope.create(new float[count]);
      new Addition(wire, staging).unpack(frame, new VectorBuffer(vector), chunk(0, count));
      return vector.toFloatArray();
    }
  }

  private static Chunk chunk(long offset, int elements) {
    return new Chunk(new Endpoint("node", "host", 1), offset, elements);
  }

  @Property(tries = 50)
  void whatIsPackedAndUnpackedIsRoundedAsLibtorchDoes(
      @ForAll @IntRange(min = 1, max = 20 * BlockSum.SIZE) int count,
      @ForAll @IntRange(min = 0, max = 9) int offset,
      @ForAll long seed) {
    float[] numbers = numbers(new Random(seed), offset + count);
    try (Staging staging = new Staging(Wire.BF16, count);
        Scope scope = Scope.open()) {
      Addition addition = new Addition(Wire.BF16, staging);
      NDArray vector = scope.create(numbers);
      float[] expected = ROUND.call(scope, vector).toFloatArray();
      System.arraycopy(numbers, 0, expected, 0, offset);
      NDArray back = scope.create(numbers);
      Chunk chunk = chunk(offset, count);
      Addition.Frame frame = addition.packed(new VectorBuffer(vector), chunk);
      assertThat(frame.bytes().remaining()).isEqualTo(Wire.BF16.frameBytes(count));
      assertThat(frame.crc()).isEqualTo(Addition.checksum(frame.bytes()));
      addition.unpack(frame.bytes(), new VectorBuffer(back), chunk);
      assertThat(bits(back.toFloatArray())).isEqualTo(bits(expected));
    }
  }

  @Test
  void whatIsNotANumberStaysSo() {
    float[] numbers = new float[100];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Float.intBitsToFloat((i % 2 == 0 ? 0x7f800001 : 0xffffffff) - i / 2 * 70_000);
    }
    int[] sums = sum(BFLOAT16, numbers, new float[numbers.length], 1, 1);
    for (int i = 0; i < numbers.length; i++) {
      assertThat(Float.isNaN(Float.intBitsToFloat(sums[i]))).isEqualTo(Float.isNaN(numbers[i]));
    }
  }
}
