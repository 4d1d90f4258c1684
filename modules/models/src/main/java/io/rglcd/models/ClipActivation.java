package io.rglcd.models;

/** The non-linearity of a CLIP network's MLPs. */
public enum ClipActivation {
  /** The exact gelu, by the error function. */
  GELU("torch.gelu(m)"),
  /** {@code x * sigmoid(1.702 x)}, as OpenAI trained with. */
  QUICK_GELU("torch.mul(m, torch.sigmoid(torch.mul(m, 1.702)))");

  private final String expression;

  ClipActivation(String expression) {
    this.expression = expression;
  }

  /** TorchScript of the activation of {@code m}. */
  String expression() {
    return expression;
  }

  /** Reads transformers' {@code hidden_act}. */
  static ClipActivation ofHiddenAct(String value) {
    return switch (value) {
      case "gelu" -> GELU;
      case "quick_gelu" -> QUICK_GELU;
      default ->
          throw new ModelException(
              "config hidden_act: '" + value + "' is not supported (expected: gelu or quick_gelu)");
    };
  }
}
