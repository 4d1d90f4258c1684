package io.rglcd.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * The configuration of diffusers' {@code UNet2DConditionModel}, as its config.json has it.
 *
 * @param inChannels channels of the latents
 * @param outChannels channels of the prediction
 * @param blockOutChannels channels of each level
 * @param downAttends for each level whether its down block has cross-attention
 * @param upAttends for each up block, from the deepest, whether it has cross-attention
 * @param layersPerBlock resnets of each level's down block; the up block has one more
 * @param heads attention heads of each level (the key is called attention_head_dim)
 * @param transformerLayers transformer blocks of each level
 * @param crossAttentionDim width of the text states that each level attends to
 * @param linearProjection whether transformers project by linear layers instead of 1x1 convolutions
 * @param groups groups of the group norms
 * @param normEps epsilon of the resnets' group norms
 * @param downsamplePadding padding of the strided convolutions
 * @param flipSinToCos whether the timestep embedding has cosines first
 * @param freqShift shift in the timestep embedding's frequencies
 * @param timeCondProjDim width of the guidance embedding; 0 if the network takes none
 * @param json the file's content, kept so that saving changes nothing else
 */
public record UNet2DConditionConfig(
    int inChannels,
    int outChannels,
    List<Integer> blockOutChannels,
    List<Boolean> downAttends,
    List<Boolean> upAttends,
    List<Integer> layersPerBlock,
    List<Integer> heads,
    List<Integer> transformerLayers,
    List<Integer> crossAttentionDim,
    boolean linearProjection,
    int groups,
    double normEps,
    int downsamplePadding,
    boolean flipSinToCos,
    double freqShift,
    int timeCondProjDim,
    JsonNode json) {

  /**
   * Reads a config.json.
   *
   * @throws ModelException naming a key whose value is missing or not supported
   */
  public static UNet2DConditionConfig read(Path file) {
    return of(JsonConfig.read(file));
  }

  /** {@link #read} from parsed JSON. */
  public static UNet2DConditionConfig of(JsonNode json) {
    JsonConfig c = new JsonConfig(json);
    refuseUnsupported(c);
    List<Integer> channels = c.integers("block_out_channels");
    int levels = channels.size();
    String headsKey = c.has("num_attention_heads") ? "num_attention_heads" : "attention_head_dim";
    UNet2DConditionConfig config =
        new UNet2DConditionConfig(
            c.integer("in_channels", 4),
            c.integer("out_channels", 4),
            channels,
            attends(c, "down_block_types", "CrossAttnDownBlock2D", "DownBlock2D", levels),
            attends(c, "up_block_types", "CrossAttnUpBlock2D", "UpBlock2D", levels),
            c.has("layers_per_block")
                ? c.integers("layers_per_block", levels)
                : Collections.nCopies(levels, 2),
            c.has(headsKey) ? c.integers(headsKey, levels) : Collections.nCopies(levels, 8),
            c.has("transformer_layers_per_block")
                ? c.integers("transformer_layers_per_block", levels)
                : Collections.nCopies(levels, 1),
            c.integers("cross_attention_dim", levels),
            c.flag("use_linear_projection", false),
            c.integer("norm_num_groups", 32),
            c.number("norm_eps", 1e-5),
            c.integer("downsample_padding", 1),
            c.flag("flip_sin_to_cos", true),
            c.number("freq_shift", 0),
            c.integer("time_cond_proj_dim", 0),
            json);
    config.checkDivisions(headsKey);
    return config;
  }

  private void checkDivisions(String headsKey) {
    for (int level = 0; level < blockOutChannels.size(); level++) {
      int width = blockOutChannels.get(level);
      JsonConfig.divides("norm_num_groups", groups, "block_out_channels", width);
      JsonConfig.divides(headsKey, heads.get(level), "block_out_channels", width);
    }
  }

  private static void refuseUnsupported(JsonConfig c) {
    c.only("_class_name", "UNet2DConditionModel");
    c.only("act_fn", "silu");
    c.only("mid_block_type", "UNetMidBlock2DCrossAttn");
    c.only("resnet_time_scale_shift", "default");
    c.only("time_embedding_type", "positional");
    c.only("attention_type", "default");
    c.only("conv_in_kernel", 3);
    c.only("conv_out_kernel", 3);
    c.only("mid_block_scale_factor", 1);
    c.only("resnet_out_scale_factor", 1);
    c.only("dropout", 0);
    for (String key :
        List.of(
            "center_input_sample",
            "only_cross_attention",
            "dual_cross_attention",
            "class_embed_type",
            "addition_embed_type",
            "num_class_embeds",
            "encoder_hid_dim",
            "encoder_hid_dim_type",
            "time_embedding_dim",
            "time_embedding_act_fn",
            "timestep_post_act",
            "resnet_skip_time_act",
            "cross_attention_norm",
            "class_embeddings_concat",
            "reverse_transformer_layers_per_block",
            "mid_block_only_cross_attention")) {
      c.absent(key);
    }
  }

  private static List<Boolean> attends(
      JsonConfig c, String key, String withAttention, String without, int levels) {
    List<String> types = c.texts(key);
    if (types.size() != levels) {
      throw new ModelException(
          "config "
              + key
              + ": "
              + types.size()
              + " blocks (expected: "
              + levels
              + ", one a level)");
    }
    for (String type : types) {
      if (!type.equals(withAttention) && !type.equals(without)) {
        throw new ModelException(
            "config "
                + key
                + ": "
                + type
                + " is not supported (expected: "
                + withAttention
                + " or "
                + without
                + ")");
      }
    }
    return types.stream().map(withAttention::equals).toList();
  }

  /** The configuration as it was read, with keys of no meaning here and in its order. */
  public JsonNode toJson() {
    return json.deepCopy();
  }

  /** The same network with a guidance embedding of that width (0 for none). */
  public UNet2DConditionConfig withTimeCondProjDim(int dim) {
    ObjectNode changed = json.deepCopy();
    if (dim == 0) {
      changed.putNull("time_cond_proj_dim");
    } else {
      changed.put("time_cond_proj_dim", dim);
    }
    return of(changed);
  }
}
