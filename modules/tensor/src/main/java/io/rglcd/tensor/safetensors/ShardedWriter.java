package io.rglcd.tensor.safetensors;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a checkpoint in several files of bounded size, named as the Hugging Face libraries name
 * them: {@code BASE-00001-of-00003.safetensors} and {@code BASE.safetensors.index.json}, or one
 * {@code BASE.safetensors} where that is enough. {@link WeightFiles} reads all of them.
 */
public final class ShardedWriter {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ShardedWriter() {}

  /**
   * Writes the tensors in their order, a new file begun where the next tensor would exceed the
   * bound. The index comes last, so a checkpoint that was cut short has none.
   *
   * @param directory exists
   * @param base such as {@code diffusion_pytorch_model}
   * @param maxBytes bound of the tensors of a file; a single tensor may exceed it
   * @return the file or index to load
   * @throws SafetensorsException as {@link SafetensorsWriter#write}
   */
  public static Path write(
      Path directory,
      String base,
      Map<String, NDArray> tensors,
      Map<String, String> metadata,
      long maxBytes) {
    List<Map<String, NDArray>> shards = split(tensors, maxBytes);
    if (shards.size() == 1) {
      Path file = directory.resolve(base + ".safetensors");
      SafetensorsWriter.write(file, tensors, metadata);
      return file;
    }
    ObjectNode index = JSON.createObjectNode();
    index.putObject("metadata").put("total_size", bytes(tensors));
    ObjectNode weightMap = index.putObject("weight_map");
    for (int i = 0; i < shards.size(); i++) {
      String name =
          String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", base, i + 1, shards.size());
      SafetensorsWriter.write(directory.resolve(name), shards.get(i), metadata);
      shards.get(i).keySet().forEach(tensor -> weightMap.put(tensor, name));
    }
    return writeIndex(directory.resolve(base + ".safetensors.index.json"), index);
  }

  private static List<Map<String, NDArray>> split(Map<String, NDArray> tensors, long maxBytes) {
    List<Map<String, NDArray>> shards = new ArrayList<>();
    Map<String, NDArray> shard = new LinkedHashMap<>();
    long used = 0;
    for (Map.Entry<String, NDArray> entry : tensors.entrySet()) {
      long bytes = bytes(entry.getValue());
      if (!shard.isEmpty() && used + bytes > maxBytes) {
        shards.add(shard);
        shard = new LinkedHashMap<>();
        used = 0;
      }
      shard.put(entry.getKey(), entry.getValue());
      used += bytes;
    }
    shards.add(shard);
    return shards;
  }

  private static long bytes(Map<String, NDArray> tensors) {
    return tensors.values().stream().mapToLong(ShardedWriter::bytes).sum();
  }

  private static long bytes(NDArray tensor) {
    return tensor.size() * tensor.getDataType().getNumOfBytes();
  }

  private static Path writeIndex(Path file, ObjectNode index) {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      Files.writeString(temporary, pretty(index), StandardCharsets.UTF_8);
      return Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new SafetensorsException(
          "cannot write " + file + ": " + SafetensorsException.reason(e), e);
    }
  }

  private static String pretty(ObjectNode index) throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(index) + "\n";
  }
}
