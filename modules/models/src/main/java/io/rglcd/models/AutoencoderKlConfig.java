package io.rglcd.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/**
 * The configuration of diffusers' {@code AutoencoderKL}, as its config.json has it.
 *
 * @param inChannels channels of the image that is encoded
 * @param outChannels channels of the image that is decoded
 * @param latentChannels channels of the latents
 * @param blockOutChannels channels of each level
 * @param layersPerBlock resnets of an encoder block; a decoder block has one more
 * @param groups groups of the group norms
 * @param scalingFactor what latents are multiplied by between this network and the UNet
 * @param json the file's content, kept so that saving changes nothing
 */
public record AutoencoderKlConfig(
    int inChannels,
    int outChannels,
    int latentChannels,
    List<Integer> blockOutChannels,
    int layersPerBlock,
    int groups,
    double scalingFactor,
    JsonNode json) {

  private static final double DEFAULT_SCALING_FACTOR = 0.18215;

  /**
   * Reads a config.json.
   *
   * @throws ModelException naming a key whose value is missing or not supported
   */
  public static AutoencoderKlConfig read(Path file) {
    return of(JsonConfig.read(file));
  }

  /** {@link #read} from parsed JSON. */
  public static AutoencoderKlConfig of(JsonNode json) {
    JsonConfig c = new JsonConfig(json);
    c.only("_class_name", "AutoencoderKL");
    c.only("act_fn", "silu");
    c.only("mid_block_add_attention", true);
    c.only("use_quant_conv", true);
    c.only("use_post_quant_conv", true);
    c.absent("shift_factor");
    c.absent("latents_mean");
    c.absent("latents_std");
    List<Integer> channels = c.integers("block_out_channels");
    c.allAre("down_block_types", "DownEncoderBlock2D", channels.size());
    c.allAre("up_block_types", "UpDecoderBlock2D", channels.size());
    int groups = c.integer("norm_num_groups", 32);
    for (int width : channels) {
      JsonConfig.divides("norm_num_groups", groups, "block_out_channels", width);
    }
    return new AutoencoderKlConfig(
        c.integer("in_channels", 3),
        c.integer("out_channels", 3),
        c.integer("latent_channels", 4),
        channels,
        c.integer("layers_per_block", 1),
        groups,
        c.number("scaling_factor", DEFAULT_SCALING_FACTOR),
        json);
  }

  /** The configuration as it was read, with keys of no meaning here and in its order. */
  public JsonNode toJson() {
    return json.deepCopy();
  }

  /** Factor between the sides of image and latents. */
  public int downsampling() {
    return 1 << (blockOutChannels.size() - 1);
  }
}
