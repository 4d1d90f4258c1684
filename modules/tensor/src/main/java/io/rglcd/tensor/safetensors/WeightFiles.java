package io.rglcd.tensor.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Loads a network's weights from one file or from a sharded checkpoint, checked by name. */
public final class WeightFiles {

  private static final int SHOWN = 5;
  private static final String FILE_SUFFIX = ".safetensors";
  private static final String INDEX_SUFFIX = ".safetensors.index.json";
  private static final List<String> USUAL_NAMES =
      List.of("diffusion_pytorch_model", "model", "open_clip_model");

  private static final TorchFunction NARROW =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.to(x, 6)
          """);

  private WeightFiles() {}

  /** {@link #load(Scope, Path, ParameterLayout, Predicate)} where every name must be known. */
  public static Weights load(Scope scope, Path path, ParameterLayout layout) {
    return load(scope, path, layout, name -> false);
  }

  /**
   * Loads exactly the tensors of a layout, as float32, in its order. Tensors stored as float32
   * alias the mapped file and must not be changed in place.
   *
   * @param scope owns the weights
   * @param path a {@code .safetensors} file, an {@code .index.json}, a common prefix of either, or
   *     a directory that holds either under a usual name
   * @param ignorable names that may be in the file without being in the layout, such as buffers
   * @throws SafetensorsException naming tensors that are missing, unknown, of another shape (both
   *     shapes) or not of floating point; or naming the file that is missing or broken
   */
  public static Weights load(
      Scope scope, Path path, ParameterLayout layout, Predicate<String> ignorable) {
    Path source = resolve(path);
    Map<Path, SafetensorsFile> opened = new HashMap<>();
    try {
      Map<String, SafetensorsFile> holders = holders(source, opened);
      check(source, layout, ignorable, holders);
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      for (String name : layout.shapes().keySet()) {
        tensors.put(name, readFloat(scope, holders.get(name), name));
      }
      return Weights.of(tensors);
    } finally {
      opened.values().forEach(SafetensorsFile::close);
    }
  }

  /**
   * Names and shapes of all tensors of a checkpoint, in the order of the file or index.
   *
   * @param path as for {@link #load}
   */
  public static Map<String, TensorInfo> list(Path path) {
    Map<Path, SafetensorsFile> opened = new HashMap<>();
    try {
      Map<String, TensorInfo> found = new LinkedHashMap<>();
      holders(resolve(path), opened)
          .forEach((name, file) -> found.put(name, file.tensors().get(name)));
      return found;
    } finally {
      opened.values().forEach(SafetensorsFile::close);
    }
  }

  private static Path resolve(Path path) {
    if (Files.isRegularFile(path)) {
      return path;
    }
    List<Path> tried = new ArrayList<>();
    if (Files.isDirectory(path)) {
      USUAL_NAMES.forEach(name -> addBoth(tried, path.resolve(name)));
    } else {
      addBoth(tried, path);
    }
    return tried.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new SafetensorsException(
                    "weights missing: "
                        + path
                        + " (expected: that file, or one of "
                        + tried
                        + ")"));
  }

  private static void addBoth(List<Path> tried, Path base) {
    tried.add(base.resolveSibling(base.getFileName() + FILE_SUFFIX));
    tried.add(base.resolveSibling(base.getFileName() + INDEX_SUFFIX));
  }

  private static Map<String, SafetensorsFile> holders(
      Path source, Map<Path, SafetensorsFile> opened) {
    Map<String, SafetensorsFile> holders = new LinkedHashMap<>();
    if (!source.toString().endsWith(".json")) {
      SafetensorsFile file = opened.computeIfAbsent(source, SafetensorsFile::open);
      file.tensors().keySet().forEach(name -> holders.put(name, file));
      return holders;
    }
    ShardIndex.read(source)
        .forEach(
            (name, shard) -> {
              SafetensorsFile file = opened.computeIfAbsent(shard, SafetensorsFile::open);
              if (!file.tensors().containsKey(name)) {
                throw new SafetensorsException(
                    "index "
                        + source
                        + " places tensor "
                        + SafetensorsHeader.quoted(name)
                        + " in "
                        + shard.getFileName()
                        + ", which has no such tensor");
              }
              holders.put(name, file);
            });
    return holders;
  }

  private static void check(
      Path source,
      ParameterLayout layout,
      Predicate<String> ignorable,
      Map<String, SafetensorsFile> holders) {
    List<String> missing = new ArrayList<>();
    List<String> misfits = new ArrayList<>();
    Map<String, SafetensorsFile> rest = new TreeMap<>(holders);
    for (Map.Entry<String, Shape> wanted : layout.shapes().entrySet()) {
      SafetensorsFile file = rest.remove(wanted.getKey());
      if (file == null) {
        missing.add(wanted.getKey());
        continue;
      }
      TensorInfo info = file.tensors().get(wanted.getKey());
      if (!info.toShape().equals(wanted.getValue())) {
        misfits.add(
            wanted.getKey() + ": " + info.toShape() + " (expected: " + wanted.getValue() + ")");
      } else if (!info.dtype().readAs().isFloating()) {
        misfits.add(wanted.getKey() + ": " + info.dtype() + " (expected: floating point)");
      }
    }
    List<String> unknown =
        rest.keySet().stream()
            .filter(name -> !ignorable.test(name))
            .map(SafetensorsHeader::quoted)
            .collect(Collectors.toList());
    String offences =
        shown("missing ", missing) + shown("unknown ", unknown) + shown("shape or type ", misfits);
    if (!offences.isEmpty()) {
      throw new SafetensorsException("weights in " + source + " do not fit the network" + offences);
    }
  }

  private static String shown(String kind, List<String> offences) {
    if (offences.isEmpty()) {
      return "";
    }
    String first = offences.stream().limit(SHOWN).collect(Collectors.joining(", "));
    int more = offences.size() - SHOWN;
    return "; " + kind + first + (more > 0 ? " and " + more + " more" : "");
  }

  private static NDArray readFloat(Scope scope, SafetensorsFile file, String name) {
    if (file.tensors().get(name).dtype() != DType.F64) {
      return file.read(scope, name);
    }
    try (Scope work = scope.child()) {
      return work.keep(NARROW.call(work, file.read(work, name)));
    }
  }
}
