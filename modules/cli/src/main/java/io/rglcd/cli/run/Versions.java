package io.rglcd.cli.run;

import ai.djl.engine.Engine;
import io.rglcd.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run was made with. */
final class Versions {

  private Versions() {}

  /** Name to version of the runtime and the libraries that decide numbers. */
  static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("java", Runtime.version().toString());
    versions.put("djl", Engine.getDjlVersion());
    versions.put("pytorch", Torch.engine().getVersion());
    return versions;
  }
}
