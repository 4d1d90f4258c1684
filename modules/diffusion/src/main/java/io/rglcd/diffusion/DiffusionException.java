package io.rglcd.diffusion;

/** A scheduler's configuration or a sampler's settings cannot be used. */
public class DiffusionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the reason in one sentence. */
  public DiffusionException(String message) {
    super(message);
  }
}
