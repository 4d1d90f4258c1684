package io.rglcd.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A copy of a golden case that a test may damage. */
record CaseCopy(Path path) {

  static CaseCopy of(String name, Path parent) {
    Path source = GoldenCasesTest.GOLDEN.resolve(name);
    Path target = parent.resolve(name);
    try (Stream<Path> tree = Files.walk(source)) {
      for (Path file : tree.toList()) {
        Path copy = target.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CaseCopy(target);
  }

  /** Rewrites a JSON file of the case. */
  CaseCopy edit(String file, Consumer<ObjectNode> change) {
    ObjectNode node = (ObjectNode) CaseDirectory.readJson(path.resolve(file));
    change.accept(node);
    return write(file, node.toPrettyString().getBytes(StandardCharsets.UTF_8));
  }

  /** Changes one of {@code scalars} in case.json. */
  CaseCopy scalar(String name, double value) {
    return edit("case.json", node -> ((ObjectNode) node.get("scalars")).put(name, value));
  }

  /** Adds to the first entry of a float32 or float64 tensor. */
  CaseCopy perturb(String tensor, float by) {
    return editIo(
        (header, data) -> {
          JsonNode entry = header.get(tensor);
          int at = entry.get("data_offsets").get(0).asInt();
          switch (entry.get("dtype").asText()) {
            case "F32" -> data.putFloat(at, data.getFloat(at) + by);
            case "F64" -> data.putDouble(at, data.getDouble(at) + by);
            default -> throw new IllegalArgumentException(tensor + " has no fractions");
          }
        });
  }

  /** Makes a second name for a tensor's data. */
  CaseCopy rename(String tensor, String newName) {
    return editIo((header, data) -> header.set(newName, header.remove(tensor)));
  }

  CaseCopy delete(String file) {
    try {
      Files.delete(path.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  CaseCopy write(String file, byte[] content) {
    try {
      Files.write(path.resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private interface IoEdit {
    void apply(ObjectNode header, ByteBuffer data) throws IOException;
  }

  private CaseCopy editIo(IoEdit edit) {
    try {
      ByteBuffer file =
          ByteBuffer.wrap(Files.readAllBytes(path.resolve("io.safetensors")))
              .order(ByteOrder.LITTLE_ENDIAN);
      byte[] json = new byte[Math.toIntExact(file.getLong())];
      file.get(json);
      byte[] data = new byte[file.remaining()];
      file.get(data);
      ObjectNode header = (ObjectNode) new ObjectMapper().readTree(json);
      edit.apply(header, ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
      String text = header.toString();
      text += " ".repeat((8 - text.getBytes(StandardCharsets.UTF_8).length % 8) % 8);
      byte[] changed = text.getBytes(StandardCharsets.UTF_8);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(changed.length).array());
      out.write(changed);
      out.write(data);
      return write("io.safetensors", out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
