package io.rglcd.rewards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The case reward_preprocess, every tensor of it. */
class ImagePreprocessGoldenTest {

  private static final TorchFunction TO_COLOUR =
      TorchFunction.of(
          """
          def forward(self, bytes: Tensor) -> Tensor:
            return torch.repeat(torch.div(torch.to(bytes, 6), 255.), [1, 3, 1, 1])
          """);

  private static final TorchFunction PART_OF_WEIGHTS =
      TorchFunction.of(
          """
          def forward(self, r: Tensor, height: int, width: int) -> Tensor:
            part = torch.narrow(torch.narrow(r, 1, 0, height), 2, 0, width)
            return torch.contiguous(torch.unsqueeze(part, 0))
          """);

  private static final TorchFunction EVERY_SEVENTH =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.contiguous(x[:, :, ::7, ::7])
          """);

  private static final TorchFunction LAST_ROWS =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.contiguous(x[:, :, -2:])
          """);

  private static final TorchFunction CENTRE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            top = torch.size(x, 2) // 2 - 20
            left = torch.size(x, 3) // 2 - 20
            return torch.contiguous(torch.narrow(torch.narrow(x, 2, top, 40), 3, left, 40))
          """);

  private static final TorchFunction SUM =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, axis: int) -> Tensor:
            return torch.sum(x, [axis])
          """);

  /** The chains IMAGE.SIZE.METHOD.(aa|noaa) that the case has tensors of. */
  static Set<String> chains() {
    try (GoldenCase golden = new GoldenCase("reward_preprocess")) {
      Set<String> chains = new TreeSet<>();
      golden.names().stream()
          .filter(name -> name.startsWith("out.") || name.startsWith("grad."))
          .map(name -> name.split("\\.", -1))
          .forEach(part -> chains.add(String.join(".", part[1], part[2], part[3], part[4])));
      return chains;
    }
  }

  @ParameterizedTest
  @MethodSource("chains")
  void resultAndGradientEqualTheOriginals(String chain) {
    String[] part = chain.split("\\.", -1);
    int size = Integer.parseInt(part[1]);
    boolean antialias = part[3].equals("aa");
    try (GoldenCase golden = new GoldenCase("reward_preprocess")) {
      Scope scope = golden.scope();
      NDArray image = Autograd.leaf(scope, image(golden, "in." + part[0]));
      NDArray out = Autograd.recording(() -> process(scope, part[2], image, size, antialias));
      int compared = compare(golden, "out." + chain, out);
      if (golden.names().stream().anyMatch(name -> name.startsWith("grad." + chain))) {
        Shape shape = out.getShape();
        NDArray weights =
            PART_OF_WEIGHTS.call(scope, golden.read("in.R" + size), shape.get(2), shape.get(3));
        compared += compare(golden, "grad." + chain, Autograd.gradient(scope, out, image, weights));
      }
      assertThat(compared).as("tensors of " + chain).isEqualTo(count(golden, chain));
    }
  }

  private static long count(GoldenCase golden, String chain) {
    return golden.names().stream().filter(name -> (name + ".").contains("." + chain + ".")).count();
  }

  private static int compare(GoldenCase golden, String name, NDArray got) {
    int compared = 0;
    for (String stored : golden.names()) {
      if (!(stored + ".").startsWith(name + ".")) {
        continue;
      }
      Scope scope = golden.scope();
      String view = stored.substring(name.length());
      NDArray part =
          switch (view) {
            case "" -> got;
            case ".sub7" -> EVERY_SEVENTH.call(scope, got);
            case ".last2rows" -> LAST_ROWS.call(scope, got);
            case ".center40" -> CENTRE.call(scope, got);
            case ".rowsums" -> SUM.call(scope, got, 3L);
            case ".colsums" -> SUM.call(scope, got, 2L);
            default -> throw new AssertionError("unknown view " + stored);
          };
      golden.check(stored, part, 2e-5, 1e-4);
      compared++;
    }
    return compared;
  }

  private static NDArray image(GoldenCase golden, String name) {
    NDArray stored = golden.read(name);
    return stored.getDataType() == DataType.UINT8 ? TO_COLOUR.call(golden.scope(), stored) : stored;
  }

  private static NDArray process(
      Scope scope, String method, NDArray image, int size, boolean antialias) {
    return switch (method) {
      case "resize" -> ImagePreprocess.resize(scope, image, size, antialias);
      case "imagereward" ->
          normalize(
              scope,
              ImagePreprocess.centerCrop(
                  scope, ImagePreprocess.resize(scope, image, size, antialias), size));
      case "hpsv2" ->
          normalize(scope, ImagePreprocess.resizeMaxSize(scope, image, size, antialias));
      default -> throw new AssertionError("unknown method " + method);
    };
  }

  private static NDArray normalize(Scope scope, NDArray image) {
    return ImagePreprocess.normalize(scope, image, ChannelStatistics.CLIP);
  }

  @Test
  void everyTensorOfTheCaseBelongsToAChain() {
    try (GoldenCase golden = new GoldenCase("reward_preprocess")) {
      long inputs = golden.names().stream().filter(name -> name.startsWith("in.")).count();
      long covered =
          chains().stream()
              .flatMap(chain -> Stream.of(count(golden, chain)))
              .mapToLong(n -> n)
              .sum();
      assertThat(inputs + covered).isEqualTo(golden.names().size());
    }
  }

  @Test
  void cropLargerThanThePictureIsRefused() {
    try (Scope scope = Scope.open()) {
      NDArray image = scope.create(new float[3 * 4 * 5], new Shape(1, 3, 4, 5));
      assertThatThrownBy(() -> ImagePreprocess.centerCrop(scope, image, 5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("crop size: 5 of an image of shape (1, 3, 4, 5) (expected: not more)");
    }
  }
}
