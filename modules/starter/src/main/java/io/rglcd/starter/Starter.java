package io.rglcd.starter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The embedded default as files: a 32x32 emoji teacher in Stable Diffusion layout, two CLIP reward
 * models, and shards of captioned pictures. See {@link #readme()} for what they are and {@link
 * #dataLicence()} for whose pictures they are.
 */
public final class Starter {

  private final Path directory;

  private Starter(Path directory) {
    this.directory = directory;
  }

  /** {@code ~/.cache/rglcd}. */
  public static Path defaultCache() {
    return Path.of(System.getProperty("user.home"), ".cache", "rglcd");
  }

  /** {@link #unpack(Path)} into {@link #defaultCache()}. */
  public static Starter unpack() {
    return unpack(defaultCache());
  }

  /**
   * Unpacks the embedded files below a cache directory, or finds those that were unpacked before.
   * Several processes and threads may do so at the same time; one that is interrupted leaves
   * nothing that a later one would take for complete.
   *
   * @param cache made if it does not exist; one folder a version of the starter lies in it
   * @throws StarterException if the directory cannot be written or is full
   */
  public static Starter unpack(Path cache) {
    return new Starter(new Unpacker(StarterIndex.load(), cache).unpack());
  }

  /** The diffusers directory of the teacher: model_index.json, unet/, vae/ and the others. */
  public Path teacher() {
    return directory.resolve("emoji32");
  }

  /** The CLIP reward, a directory with config.json and model.safetensors in open_clip's names. */
  public Path rewardClip() {
    return teacher().resolve("reward_clip");
  }

  /** The same network tuned to prefer clean, matching pictures; laid out like the reward. */
  public Path prefClip() {
    return teacher().resolve("pref_clip");
  }

  /** The tokenizer that teacher and rewards share: vocab.json and merges.txt. */
  public Path tokenizer() {
    return teacher().resolve("tokenizer");
  }

  /** Tar shards of training pictures and captions, by name. */
  public List<Path> trainShards() {
    try (var files = Files.list(directory.resolve("shards"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("train-\\d+\\.tar"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new StarterException("starter shards: cannot list " + directory.resolve("shards"), e);
    }
  }

  /** The tar shard of held-out pictures. */
  public Path validationShard() {
    return directory.resolve("shards").resolve("val-000000.tar");
  }

  /** The captions of the validation shard, in its order. */
  public List<String> validationPrompts() {
    Path file = directory.resolve("shards").resolve("prompts-val.txt");
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new StarterException("starter prompts: cannot read " + file, e);
    }
  }

  /** What the starter is and how it was made, Markdown. */
  public Path readme() {
    return directory.resolve("README.md");
  }

  /** Sources and licences of the pictures, Markdown; goes wherever the shards go. */
  public Path dataLicence() {
    return directory.resolve("LICENSE-DATA.md");
  }
}
