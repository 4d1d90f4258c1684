package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.rewards.ChannelStatistics;
import io.rglcd.rewards.ImagePreprocess;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands between decoded pictures and reward models: resizing with and without antialias,
 * centre crop, padding, normalising, and the gradient of sum(out * R[:, :h, :w]) to the picture.
 */
final class PreprocessCase implements CaseRunner {

  private static final Pattern TENSOR =
      Pattern.compile("(?:out|grad)\\.((\\w+)\\.(\\d+)\\.(\\w+)\\.(aa|noaa))(?:\\.(\\w+))?");

  private static final Tolerance VALUE = new Tolerance(2e-5, 1e-4, 0);

  private static final TorchFunction BYTES_TO_COLOUR =
      TorchFunction.of(
          """
          def forward(self, bytes: Tensor) -> Tensor:
            return torch.repeat(torch.div(torch.to(bytes, 6), 255.), [1, 3, 1, 1])
          """);

  private static final TorchFunction WEIGHTS_LIKE =
      TorchFunction.of(
          """
          def forward(self, r: Tensor, out: Tensor) -> Tensor:
            h = torch.size(out, 2)
            w = torch.size(out, 3)
            part = torch.slice(torch.slice(r, 1, 0, h), 2, 0, w)
            return torch.contiguous(torch.expand_as(part, out))
          """);

  @Override
  public String kind() {
    return "reward_preprocess";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    Set<String> chains = new LinkedHashSet<>();
    for (String tensor : comparison.awaited()) {
      Matcher matcher = TENSOR.matcher(tensor);
      if (matcher.matches()) {
        chains.add(matcher.group(1));
      }
    }
    for (String chain : chains) {
      try (Scope scope = Scope.open()) {
        runChain(scope, directory, comparison, chain);
      }
    }
  }

  private static void runChain(
      Scope scope, CaseDirectory directory, Comparison comparison, String chain) {
    String[] parts = chain.split("\\.", 4);
    int size = Integer.parseInt(parts[1]);
    boolean antialias = parts[3].equals("aa");
    NDArray image = Autograd.leaf(scope, image(scope, directory, "in." + parts[0]));
    NDArray out =
        Autograd.recording(() -> process(scope, directory, parts[2], image, size, antialias));
    offer(comparison, directory, "out." + chain, out);
    boolean differentiate =
        comparison.awaited().stream()
            .anyMatch(tensor -> (tensor + ".").startsWith("grad." + chain + "."));
    if (differentiate) {
      NDArray r = WEIGHTS_LIKE.call(scope, directory.read(scope, "in.R" + size), out);
      offer(comparison, directory, "grad." + chain, Autograd.gradient(scope, out, image, r));
    }
  }

  private static NDArray image(Scope scope, CaseDirectory directory, String tensor) {
    NDArray stored = directory.read(scope, tensor);
    return stored.getDataType() == DataType.UINT8 ? BYTES_TO_COLOUR.call(scope, stored) : stored;
  }

  private static NDArray process(
      Scope scope,
      CaseDirectory directory,
      String method,
      NDArray image,
      int size,
      boolean antialias) {
    return switch (method) {
      case "resize" -> ImagePreprocess.resize(scope, image, size, antialias);
      case "imagereward" ->
          ImagePreprocess.normalize(
              scope,
              ImagePreprocess.centerCrop(
                  scope, ImagePreprocess.resize(scope, image, size, antialias), size),
              statistics(directory));
      case "hpsv2" ->
          ImagePreprocess.normalize(
              scope,
              ImagePreprocess.resizeMaxSize(scope, image, size, antialias),
              statistics(directory));
      default ->
          throw new ConformanceException(
              "preprocessing: " + method + " (expected: resize, imagereward or hpsv2)");
    };
  }

  private static ChannelStatistics statistics(CaseDirectory directory) {
    return new ChannelStatistics(
        floats(directory.scalar("clip_mean")), floats(directory.scalar("clip_std")));
  }

  private static float[] floats(JsonNode numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) numbers.get(i).asDouble();
    }
    return values;
  }

  /** Compares the whole tensor or those parts of it that the case stores. */
  private static void offer(
      Comparison comparison, CaseDirectory directory, String name, NDArray got) {
    Tolerance tolerance = Tolerance.of(directory.json(), VALUE);
    for (String tensor : comparison.awaited()) {
      if (tensor.equals(name)) {
        comparison.offer(tensor, got, tolerance);
      } else if (tensor.startsWith(name + ".")) {
        TensorValues part = PlaneView.of(TensorValues.of(got), tensor.substring(name.length() + 1));
        comparison.offer(tensor, part, tolerance);
      }
    }
  }
}
