package io.rglcd.diffusion;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/**
 * The solver of the teacher's probability-flow ODE on a coarse grid of timesteps: {@code x_prev =
 * sqrt(a_prev) x_0 + sqrt(1 - a_prev) noise}. The table of a_prev, and so x_prev, is float64 as in
 * the original, where numpy promotes it.
 *
 * <p>Source: {@code DDIMSolver} of the official ddim_solver.py.
 */
public final class DdimSolver {

  private static final TorchFunction STEP =
      TorchFunction.of(
          """
          def forward(self, x0: Tensor, noise: Tensor, index: Tensor, prev: Tensor) -> Tensor:
            a = torch.reshape(torch.gather(prev, 0, index), [-1, 1, 1, 1])
            return torch.sqrt(a) * x0 + torch.sqrt(torch.rsub(a, 1.)) * noise
          """);

  private static final TorchFunction GATHER =
      TorchFunction.of(
          """
          def forward(self, table: Tensor, index: Tensor) -> Tensor:
            return torch.gather(table, 0, index)
          """);

  private static final TorchFunction BACK =
      TorchFunction.of(
          """
          def forward(self, table: Tensor, index: Tensor, skip: int) -> Tensor:
            return torch.clamp(torch.gather(table, 0, index) - skip, 0)
          """);

  private final long skip;
  private final NDArray timesteps;
  private final NDArray alphaCumprods;
  private final NDArray alphaCumprodsPrev;

  private DdimSolver(NoiseSchedule schedule, int points) {
    int train = schedule.config().trainTimesteps();
    if (points < 1 || points > train) {
      throw new DiffusionException(
          "num ddim timesteps: " + points + " (expected: 1 to " + train + ")");
    }
    this.skip = train / points;
    long[] grid = new long[points];
    float[] alphas = new float[points];
    double[] previous = new double[points];
    for (int i = 0; i < points; i++) {
      grid[i] = (i + 1) * skip - 1;
      alphas[i] = schedule.alphaCumprod((int) grid[i]);
      previous[i] = schedule.alphaCumprod(i == 0 ? 0 : (int) grid[i - 1]);
    }
    Scope scope = Scope.open(schedule.alphas().getDevice());
    this.timesteps = scope.create(grid);
    this.alphaCumprods = scope.create(alphas);
    this.alphaCumprodsPrev = scope.create(previous);
  }

  /**
   * A solver with that many grid points; skip k = training timesteps / points.
   *
   * @throws DiffusionException if there are fewer training timesteps than points
   */
  public static DdimSolver of(NoiseSchedule schedule, int points) {
    return new DdimSolver(schedule, points);
  }

  /** t_{n+k} of grid indices: [B] int64. */
  public NDArray startTimesteps(Scope scope, NDArray index) {
    return GATHER.call(scope, timesteps, index);
  }

  /** t_n of grid indices, not below 0: [B] int64. */
  public NDArray endTimesteps(Scope scope, NDArray index) {
    return BACK.call(scope, timesteps, index, skip);
  }

  /**
   * One step from t_{n+k} to t_n.
   *
   * @param x0 predicted x_0 [B,C,H,W]
   * @param noise predicted noise [B,C,H,W]
   * @param index grid indices [B] int64
   * @return [B,C,H,W] float64
   */
  public NDArray step(Scope scope, NDArray x0, NDArray noise, NDArray index) {
    return STEP.call(scope, x0, noise, index, alphaCumprodsPrev);
  }

  /** The grid, [points] int64. */
  public NDArray timesteps() {
    return timesteps;
  }

  /** Cumulative products on the grid, [points] float32. */
  public NDArray alphaCumprods() {
    return alphaCumprods;
  }

  /** Cumulative products one grid point before, [points] float64. */
  public NDArray alphaCumprodsPrev() {
    return alphaCumprodsPrev;
  }
}
