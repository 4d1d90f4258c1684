package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import java.util.Deque;
import java.util.List;

/**
 * A block of the UNet: resnets, the first ones each followed by a transformer where there is one,
 * then a resampling where there is one.
 *
 * @param resampled channels of the resampling convolution, 0 for none
 */
record UNetStage(List<ResnetBlock> resnets, List<Transformer2D> attentions, int resampled) {

  private static final String DOWNSAMPLER = "downsamplers.0.conv";
  private static final String UPSAMPLER = "upsamplers.0.conv";

  /** Declares the parameters of a block on the way down, or in the middle. */
  void declareDown(Parameters p) {
    declare(p, DOWNSAMPLER);
  }

  /** Declares the parameters of a block on the way up. */
  void declareUp(Parameters p) {
    declare(p, UPSAMPLER);
  }

  private void declare(Parameters p, String sampler) {
    for (int i = 0; i < attentions.size(); i++) {
      attentions.get(i).declare(p.at("attentions", i));
    }
    for (int i = 0; i < resnets.size(); i++) {
      resnets.get(i).declare(p.at("resnets", i));
    }
    if (resampled > 0) {
      p.conv(sampler, resampled, resampled, 3);
    }
  }

  /**
   * On the way down: every result is left for the way up.
   *
   * @param input [B,C,H,W]
   * @param time SiLU of the time embedding [B,timeChannels]
   * @param skips receives the results, in scope
   * @param padding of the strided convolution
   */
  NDArray down(
      Scope scope,
      Weights w,
      NDArray input,
      List<NDArray> time,
      NDArray textBtd,
      Deque<NDArray> skips,
      int padding) {
    NDArray h = input;
    for (int i = 0; i < resnets.size(); i++) {
      h = layer(scope, w, i, List.of(h), time, textBtd);
      skips.push(h);
    }
    if (resampled > 0) {
      h = Resampling.down(scope, w.at(DOWNSAMPLER), h, padding);
      skips.push(h);
    }
    return h;
  }

  /** In the middle: one layer after the other. */
  NDArray through(Scope scope, Weights w, NDArray input, List<NDArray> time, NDArray textBtd) {
    NDArray h = input;
    for (int i = 0; i < resnets.size(); i++) {
      h = layer(scope, w, i, List.of(h), time, textBtd);
    }
    return h;
  }

  /**
   * On the way up: each layer takes one of the results of the way down, the last one first.
   *
   * @param skips one is taken for each resnet; the next gives the size to resample to
   */
  NDArray up(
      Scope scope,
      Weights w,
      NDArray input,
      List<NDArray> time,
      NDArray textBtd,
      Deque<NDArray> skips) {
    try (Scope inner = scope.child()) {
      NDArray h = input;
      for (int i = 0; i < resnets.size(); i++) {
        h = layer(inner, w, i, List.of(h, inner.adopt(skips.pop())), time, textBtd);
      }
      if (resampled > 0) {
        Shape next = skips.getFirst().getShape();
        h = Resampling.up(inner, w.at(UPSAMPLER), h, next.get(2), next.get(3));
      }
      return inner.keep(h);
    }
  }

  private NDArray layer(
      Scope scope, Weights w, int i, List<NDArray> inputs, List<NDArray> time, NDArray textBtd) {
    try (Scope inner = scope.child()) {
      NDArray h = resnets.get(i).forward(inner, w.at("resnets", i), inputs, time);
      if (i < attentions.size()) {
        h = attentions.get(i).forward(inner, w.at("attentions", i), h, textBtd);
      }
      return inner.keep(h);
    }
  }
}
