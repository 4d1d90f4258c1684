package io.rglcd.cluster.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
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

  /** Used again and again, as by the data plane. */
  private static final BlockSum FLOAT32 = BlockSum.of(Wire.FP32);

  private static final BlockSum BFLOAT16 = BlockSum.of(Wire.BF16);

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

  private static float[] floats(ByteBuffer bytes) {
    float[] floats = new float[bytes.capacity() / Float.BYTES];
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
      @ForAll @IntRange(min = 1, max = BlockSum.SIZE) int count, @ForAll long seed) {
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

  /** One vector is here, the other has travelled. */
  private static int[] sum(BlockSum block, float[] a, float[] b, float v, float w) {
    ByteBuffer mean = bytes(new float[a.length]);
    ByteBuffer arrived = bytes(b);
    ByteBuffer frame = mean;
    if (block instanceof Bfloat16Sum halves) {
      halves.pack(bytes(b), arrived);
      frame = ByteBuffer.allocateDirect(Wire.BF16.frameBytes(a.length));
    }
    CRC32C crc = new CRC32C();
    block.readOwn(bytes(a), 0, a.length);
    block.begin(v, a.length);
    block.readArrived(arrived, 0, a.length);
    block.add(w, a.length);
    block.write(mean, frame, 0, a.length, crc);
    assertThat((int) crc.getValue()).isEqualTo(Addition.checksum(frame));
    if (block instanceof Bfloat16Sum halves) {
      ByteBuffer packed = ByteBuffer.allocateDirect(frame.capacity());
      halves.pack(mean, packed);
      assertThat(frame).isEqualTo(packed);
    }
    return bits(floats(mean));
  }

  @Property(tries = 50)
  void whatIsPackedAndUnpackedIsRoundedAsLibtorchDoes(
      @ForAll @IntRange(min = 1, max = 3 * BlockSum.SIZE) int count, @ForAll long seed) {
    float[] numbers = numbers(new Random(seed), count);
    Bfloat16Sum halves = new Bfloat16Sum();
    ByteBuffer frame = ByteBuffer.allocateDirect(Wire.BF16.frameBytes(count));
    ByteBuffer back = bytes(new float[count]);
    halves.pack(bytes(numbers), frame);
    halves.unpack(frame, back);
    try (Scope scope = Scope.open()) {
      NDArray expected = ROUND.call(scope, scope.create(numbers, new Shape(count)));
      assertThat(bits(floats(back))).isEqualTo(bits(expected.toFloatArray()));
    }
  }

  @Test
  void whatIsNotANumberStaysSo() {
    float[] numbers = new float[100];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Float.intBitsToFloat((i % 2 == 0 ? 0x7f800001 : 0xffffffff) - i / 2 * 70_000);
    }
    Bfloat16Sum halves = new Bfloat16Sum();
    ByteBuffer frame = ByteBuffer.allocateDirect(Wire.BF16.frameBytes(numbers.length));
    ByteBuffer back = bytes(new float[numbers.length]);
    halves.pack(bytes(numbers), frame);
    halves.unpack(frame, back);
    float[] found = floats(back);
    for (int i = 0; i < numbers.length; i++) {
      assertThat(Float.isNaN(found[i])).isEqualTo(Float.isNaN(numbers[i]));
    }
  }
}
