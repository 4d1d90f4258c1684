package io.rglcd.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceRunnerTest {

  @TempDir Path temp;

  private final ConformanceRunner runner = new ConformanceRunner();
  private final StringWriter printed = new StringWriter();

  private int run(Path... directories) {
    return runner.run(
        List.of(directories), Optional.of(temp.resolve("report.json")), new PrintWriter(printed));
  }

  private JsonNode report() {
    return CaseDirectory.readJson(temp.resolve("report.json"));
  }

  @Test
  void findsCasesAtAnyDepthAndPassesOnlyIfAllPass() {
    CaseCopy.of("vae_3level", temp.resolve("a/b"));
    CaseCopy.of("clip_text_hf_sd1x", temp.resolve("c"));

    assertThat(run(temp)).isZero();
    assertThat(printed.toString())
        .contains("vae_3level", "clip_text_hf_sd1x", "pass", "2 of 2 cases passed.")
        .doesNotContain("FAIL");
  }

  @Test
  void writesOneObjectATensor() {
    CaseCopy.of("clip_text_hf_sd1x", temp);

    assertThat(run(temp.resolve("clip_text_hf_sd1x"))).isZero();

    assertThat(report()).hasSize(2);
    JsonNode first = report().get(0);
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactly("case", "kind", "tensor", "maxAbs", "maxRel", "tolerance", "pass");
    assertThat(first.get("case").asText()).isEqualTo("clip_text_hf_sd1x");
    assertThat(first.get("kind").asText()).isEqualTo("clip_text_hf");
    assertThat(first.get("maxAbs").asDouble()).isLessThan(first.get("tolerance").asDouble());
    assertThat(first.get("pass").asBoolean()).isTrue();
    assertThat(report().findValuesAsText("tensor"))
        .containsExactlyInAnyOrder("out.last_hidden_state", "out.pooler_output");
  }

  @Test
  void aTensorThatDiffersFailsAndIsTheOnlyOne() {
    CaseCopy.of("vae_3level", temp).perturb("decoded", 1e-3f);

    assertThat(run(temp)).isEqualTo(1);

    for (JsonNode entry : report()) {
      assertThat(entry.get("pass").asBoolean())
          .as(entry.toString())
          .isEqualTo(!entry.get("tensor").asText().equals("decoded"));
    }
    assertThat(printed.toString()).contains("FAIL", "decoded differs by 1.0", "0 of 1 cases");
  }

  @Test
  void whatShardsHoldMustBeEqualInWordsAndNumbers() {
    CaseCopy.of("webdataset", temp)
        .edit(
            "case.json",
            node -> {
              ObjectNode sample = (ObjectNode) node.get("samples").get(3);
              sample.put("caption", "another").put("webdataset_filter", false);
              ((ObjectNode) node.get("samples").get(13)).put("dropped_by", "decode");
              ((ObjectNode) node.get("samples").get(6)).put("rgb_sha256", "00");
            });

    assertThat(run(temp)).isEqualTo(1);

    assertThat(printed.toString())
        .contains("sample 3 (000003): caption: \"drawn picture number 3\" (expected: \"another\")")
        .contains("sample 3 (000003): webdataset_filter: true (expected: false)")
        .contains("sample 13 (000013): dropped_by: \"rename", "sample 6 (000006): rgb_sha256")
        .doesNotContain("sample 4 ", "out.pixels");
  }

  @Test
  void aShardThatIsCutShortIsSeen() throws IOException {
    CaseCopy copy = CaseCopy.of("webdataset", temp);
    byte[] shard = Files.readAllBytes(copy.path().resolve("shard-000001.tar"));
    copy.write("shard-000001.tar", Arrays.copyOf(shard, shard.length / 2));

    assertThat(run(temp)).isEqualTo(1);

    assertThat(printed.toString()).contains("number of samples: ");
  }

  @Test
  void aUnetsFloat64RunIsHeldToLessThanItsFloat32Gradients() {
    CaseCopy.of("unet_sd21", temp).perturb("cond_f64.grad_sample", 6e-5f);

    assertThat(run(temp)).isEqualTo(1);
    assertThat(printed.toString()).contains("cond_f64.grad_sample differs by");
  }

  @Test
  void anExpectedTensorThatNobodyComputesFails() {
    CaseCopy.of("vae_3level", temp).rename("logvar", "logvariance");

    assertThat(run(temp)).isEqualTo(1);
    assertThat(printed.toString())
        .contains("logvariance is expected by the case but was not computed");
  }

  @Test
  void namesTheWeightsFileThatIsMissing() {
    CaseCopy.of("vae_3level", temp).delete("weights.safetensors");

    assertThat(run(temp)).isEqualTo(1);
    assertThat(printed.toString()).contains("missing file", "vae_3level/weights.safetensors");
  }

  @Test
  void aCaseThatCannotRunDoesNotEndTheRun() {
    CaseCopy.of("vae_3level", temp).edit("config.json", node -> node.put("norm_num_groups", 3));
    CaseCopy.of("clip_text_hf_sd21", temp).write("case.json", "{".getBytes(StandardCharsets.UTF_8));
    CaseCopy.of("clip_text_hf_sd1x", temp);

    assertThat(run(temp)).isEqualTo(1);
    assertThat(printed.toString()).contains("case.json: not JSON", "1 of 3 cases passed.");
  }

  @Test
  void namesATensorOfTheWrongShapeWithBothShapes() {
    CaseCopy.of("clip_text_hf_sd1x", temp)
        .edit("config.json", node -> ((ObjectNode) node.get("hf")).put("vocab_size", 91));

    assertThat(run(temp)).isEqualTo(1);
    assertThat(printed.toString()).contains("token_embedding.weight", "(90, 24)", "(91, 24)");
  }

  @Test
  void aKindThatIsNotSupportedIsReportedAndDoesNotPass() {
    CaseCopy.of("vae_3level", temp).edit("case.json", node -> node.put("kind", "sculpture"));

    assertThat(run(temp)).isEqualTo(1);
    assertThat(printed.toString())
        .contains("unsupported", "kind: sculpture is not supported (expected: one of clip_");
    assertThat(report()).hasSize(1);
    assertThat(report().get(0).get("pass").asBoolean()).isFalse();
  }

  @Test
  void aDirectoryWithoutCasesDoesNotPass() {
    assertThat(run(temp)).isEqualTo(1);
    assertThat(printed.toString()).contains(temp.toString(), "holds no case");
  }

  @Test
  void namesADirectoryThatDoesNotExist() {
    assertThat(run(temp.resolve("nowhere"))).isEqualTo(1);
    assertThat(printed.toString()).contains(temp.resolve("nowhere").toString(), "cannot be read");
  }

  @Test
  void namesAReportThatCannotBeWritten() {
    CaseCopy copy = CaseCopy.of("clip_text_hf_sd1x", temp);
    Path report = copy.path().resolve("case.json").resolve("report.json");

    int exit = runner.run(List.of(copy.path()), Optional.of(report), new PrintWriter(printed));

    assertThat(exit).isEqualTo(1);
    assertThat(printed.toString()).contains(report.toString(), "cannot be written");
  }
}
