package io.rglcd.models;

import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsWriter;
import io.rglcd.tensor.safetensors.WeightFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;

/**
 * A text-to-image model in the layout of diffusers: model_index.json and a folder for each of
 * scheduler, tokenizer, text_encoder, vae and unet, with weights as safetensors in one file or in
 * shards. A distilled model has the EMA target's weights in unet_target as well, which diffusers
 * does not look at.
 */
public final class DiffusersDirectory {

  private static final String INDEX = "model_index.json";
  private static final String SCHEDULER_CONFIG = "scheduler/scheduler_config.json";
  private static final String UNET = "unet";
  private static final String TARGET = "unet_target";
  private static final String VAE = "vae";
  private static final String TEXT_ENCODER = "text_encoder";
  private static final String TOKENIZER = "tokenizer";
  private static final String CONFIG = "config.json";
  private static final String NETWORK_WEIGHTS = "diffusion_pytorch_model.safetensors";

  private static final List<String> FILES =
      List.of(
          INDEX,
          SCHEDULER_CONFIG,
          TOKENIZER + "/vocab.json",
          TOKENIZER + "/merges.txt",
          TEXT_ENCODER + "/" + CONFIG,
          VAE + "/" + CONFIG,
          UNET + "/" + CONFIG);

  /** Folder to the usual name of its weights. */
  private static final Map<String, String> WEIGHTS =
      Map.of(TEXT_ENCODER, "model.safetensors", VAE, NETWORK_WEIGHTS, UNET, NETWORK_WEIGHTS);

  private final Path root;
  private final Path vae;

  private DiffusersDirectory(Path root, Path vae) {
    this.root = root;
    this.vae = vae;
  }

  /**
   * Opens a directory and checks that its parts are there; reads nothing yet.
   *
   * @throws ModelException naming the directory or file that is missing
   */
  public static DiffusersDirectory open(Path root) {
    if (!Files.isDirectory(root)) {
      throw new ModelException("model directory missing: " + root);
    }
    for (String file : FILES) {
      if (!Files.isRegularFile(root.resolve(file))) {
        throw new ModelException(
            "model directory " + root + " has no " + file + " (expected: the layout of diffusers)");
      }
    }
    for (String part : List.of(TEXT_ENCODER, VAE, UNET)) {
      requireWeights(root, part);
    }
    return new DiffusersDirectory(root, root.resolve(VAE));
  }

  /**
   * The same model with another autoencoder.
   *
   * @param folder with its config.json and weights
   * @throws ModelException naming the folder if one of them is missing
   */
  public DiffusersDirectory withVae(Path folder) {
    if (!Files.isRegularFile(folder.resolve(CONFIG)) || !hasWeights(folder, NETWORK_WEIGHTS)) {
      throw new ModelException(
          "autoencoder directory "
              + folder
              + " cannot be used (expected: a directory with "
              + CONFIG
              + " and "
              + NETWORK_WEIGHTS
              + " or its .index.json)");
    }
    return new DiffusersDirectory(root, folder);
  }

  private static boolean hasWeights(Path folder, String name) {
    return Files.isRegularFile(folder.resolve(name))
        || Files.isRegularFile(folder.resolve(name + ".index.json"));
  }

  private static void requireWeights(Path root, String part) {
    String name = WEIGHTS.get(part);
    if (!hasWeights(root.resolve(part), name)) {
      throw new ModelException(
          "model directory "
              + root
              + " has no "
              + part
              + "/"
              + name
              + " (expected: that file or its .index.json)");
    }
  }

  /** Where it lies. */
  public Path root() {
    return root;
  }

  /** The folder with vocab.json and merges.txt. */
  public Path tokenizer() {
    return root.resolve(TOKENIZER);
  }

  /** The folder with the text encoder's config.json and weights. */
  public Path textEncoder() {
    return root.resolve(TEXT_ENCODER);
  }

  /** The text encoder's configuration. */
  public ClipTextConfig textConfig() {
    return ClipTextConfig.read(textEncoder().resolve(CONFIG));
  }

  /** The content of model_index.json. */
  public JsonNode modelIndex() {
    return JsonConfig.read(root.resolve(INDEX));
  }

  /** The content of the scheduler's configuration. */
  public JsonNode schedulerConfig() {
    return JsonConfig.read(root.resolve(SCHEDULER_CONFIG));
  }

  /** The UNet's definition. */
  public UNet2DCondition unet() {
    return UNet2DCondition.of(UNet2DConditionConfig.read(root.resolve(UNET).resolve(CONFIG)));
  }

  /** The UNet's weights; float32 ones alias the file and must not be changed in place. */
  public Weights unetWeights(Scope scope) {
    return WeightFiles.load(scope, root.resolve(UNET), unet().layout());
  }

  /** Whether there are an EMA target's weights too. */
  public boolean hasTarget() {
    return Files.isDirectory(root.resolve(TARGET));
  }

  /**
   * The EMA target's weights, for the definition {@link #unet}.
   *
   * @throws ModelException if there are none
   */
  public Weights targetWeights(Scope scope) {
    if (!hasTarget()) {
      throw new ModelException("model directory " + root + " has no " + TARGET);
    }
    return WeightFiles.load(scope, root.resolve(TARGET), unet().layout());
  }

  /** The autoencoder's definition. */
  public AutoencoderKl vae() {
    return AutoencoderKl.of(AutoencoderKlConfig.read(vae.resolve(CONFIG)));
  }

  /** The autoencoder's weights; float32 ones alias the file and must not be changed in place. */
  public Weights vaeWeights(Scope scope) {
    return vae().load(scope, vae);
  }

  /**
   * Writes a model that is this one but for its UNet, so that diffusers loads it: all other parts
   * are copied as they are, the autoencoder from where it lies, the UNet's configuration keeps its
   * keys and their order.
   *
   * @param out made if need be; files in it are replaced
   * @param config the new UNet's configuration
   * @param unet the new UNet's weights
   * @param target the EMA target's weights, or null for none
   * @return the new directory
   * @throws ModelException naming the directory if it cannot be written
   */
  public DiffusersDirectory saveWith(
      Path out, UNet2DConditionConfig config, Weights unet, Weights target) {
    try {
      Files.createDirectories(out);
      copyOthers(out);
      saveUnet(out.resolve(UNET), config, unet);
      if (target != null) {
        saveUnet(out.resolve(TARGET), config, target);
      }
    } catch (IOException e) {
      throw new ModelException("cannot write model directory " + out + ": " + e, e);
    }
    return open(out);
  }

  private static void saveUnet(Path folder, UNet2DConditionConfig config, Weights weights)
      throws IOException {
    Files.createDirectories(folder);
    JsonConfig.write(folder.resolve(CONFIG), config.toJson());
    SafetensorsWriter.write(
        folder.resolve(NETWORK_WEIGHTS), weights.all(), SafetensorsWriter.PYTORCH);
  }

  private void copyOthers(Path out) throws IOException {
    copy(root.resolve(INDEX), out.resolve(INDEX));
    JsonNode index = modelIndex();
    for (Map.Entry<String, JsonNode> part : index.properties()) {
      Path folder = part.getKey().equals(VAE) ? vae : root.resolve(part.getKey());
      if (part.getValue().isArray() && !part.getKey().equals(UNET) && Files.isDirectory(folder)) {
        copyTree(folder, out.resolve(part.getKey()));
      }
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(directory).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            copy(file, to.resolve(from.relativize(file).toString()));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Copies what a link points to, and does nothing where both are the same file. */
  private static void copy(Path from, Path to) throws IOException {
    if (!Files.exists(to) || !Files.isSameFile(from, to)) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
