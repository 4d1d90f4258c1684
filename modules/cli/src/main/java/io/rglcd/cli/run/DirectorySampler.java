package io.rglcd.cli.run;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.rglcd.cli.command.SampleRequest;
import io.rglcd.cli.command.Sampler;
import io.rglcd.cli.report.SampleGrid;
import io.rglcd.distill.FrozenModels;
import io.rglcd.distill.ImageSampler;
import io.rglcd.models.DiffusersDirectory;
import io.rglcd.models.ModelException;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import java.io.PrintWriter;
import java.util.List;

/** Makes pictures with a diffusers directory: a teacher's, or one that a training left. */
public final class DirectorySampler implements Sampler {

  @Override
  public int sample(SampleRequest request, PrintWriter out) {
    try (FrozenModels models = FrozenModels.load(request.model(), Device.cpu());
        Scope scope = Scope.open(models.device())) {
      NDArray images = images(scope, models, request);
      SampleGrid.write(
          request.out(),
          request.prompts(),
          List.of(Pictures.row(request.steps() + " steps, seed " + request.seed(), images)));
      out.println(request.prompts().size() + " pictures in " + request.out());
      out.flush();
      return 0;
    }
  }

  private static NDArray images(Scope scope, FrozenModels models, SampleRequest request) {
    ImageSampler sampler = new ImageSampler(models);
    UNet2DCondition net = models.unet();
    int size = net.config().json().path("sample_size").asInt(64);
    List<String> prompts = request.prompts();
    NDArray noise = sampler.noise(scope, request.seed(), 0, prompts.size(), size);
    boolean distilled = net.config().timeCondProjDim() > 0;
    if (request.network() == SampleRequest.Network.TEACHER) {
      requireDistilled(!distilled, request, "a plain diffusion model");
      return sampler.decode(
          scope, sampler.teacher(scope, prompts, noise, request.steps(), request.guidance()));
    }
    requireDistilled(distilled, request, "a distilled model, whose UNet has time_cond_proj_dim");
    return sampler.decode(
        scope,
        sampler.student(
            scope,
            net,
            weights(scope, models, request),
            prompts,
            noise,
            request.seed(),
            0,
            request.steps(),
            request.guidance()));
  }

  private static Weights weights(Scope scope, FrozenModels models, SampleRequest request) {
    return request.network() == SampleRequest.Network.TARGET
        ? DiffusersDirectory.open(request.model()).targetWeights(scope)
        : models.unetWeights();
  }

  private static void requireDistilled(boolean holds, SampleRequest request, String expected) {
    if (!holds) {
      throw new ModelException(
          "model directory "
              + request.model()
              + " cannot be sampled as "
              + request.network()
              + " (expected: "
              + expected
              + ")");
    }
  }
}
