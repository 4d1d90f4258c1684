package io.rglcd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.rglcd.cluster.TrainingException;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest {

  @Property(tries = 50)
  void cpuIsNamedOncePerReplica(@ForAll @IntRange(min = 1, max = 9999) int count) {
    assertThat(Devices.parse("cpu:" + count).list(0)).hasSize(count).containsOnly(Device.cpu());
  }

  @Property(tries = 50)
  void gpusKeepTheirIndicesAndOrder(
      @ForAll @Size(min = 1, max = 8) @UniqueElements List<@IntRange(max = 15) Integer> indices) {
    String text = indices.stream().map(String::valueOf).collect(Collectors.joining(","));
    assertThat(Devices.parse("gpu:" + text).list(16))
        .containsExactlyElementsOf(indices.stream().map(Device::gpu).toList());
  }

  @Test
  void allGpusAreThoseThatAreThere() {
    assertThat(Devices.parse("gpu:all").list(3))
        .containsExactly(Device.gpu(0), Device.gpu(1), Device.gpu(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu:all", "gpu:0", "gpu:2,1"})
  void withoutAGpuTheRemedyIsNamed(String text) {
    assertThatThrownBy(() -> Devices.parse(text).list(0))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "--devices "
                + text
                + ": no GPU is visible to PyTorch (expected: an NVIDIA driver and libtorch with"
                + " CUDA as docs/cluster.md says, or --devices cpu:N)");
  }

  @Test
  void gpuThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Devices.parse("gpu:0,2").list(2))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("--devices gpu:0,2: GPU 2 is not visible to PyTorch, which sees 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cpu",
        "cpu:",
        "cpu:0",
        "cpu:-1",
        "cpu:10000",
        "cpu:all",
        "gpu",
        "gpu:",
        "gpu:ALL",
        "gpu:0,",
        "gpu:,0",
        "gpu:0,0",
        "gpu:1,01",
        "gpu:-1",
        "gpu:0 1",
        "gpu:1000",
        "tpu:1",
        "2"
      })
  void otherTextsAreNamedWithWhatIsExpected(String text) {
    assertThatThrownBy(() -> Devices.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--devices: '"
                + text
                + "' (expected: cpu:N with N from 1, gpu:all, or gpu:I,J,... with different"
                + " indices from 0)");
  }
}
