package io.rglcd.cli.conformance;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.models.tokenizer.ClipTokenizer;
import io.rglcd.models.tokenizer.TokenConvention;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Token ids of prompts in the three conventions. This project does not clean text with ftfy: in the
 * tensors that were made with it, those prompts count on which ftfy changes nothing; the tensors
 * {@code *_without_ftfy} count whole.
 */
final class TokenizerCase implements CaseRunner {

  private static final String OPEN_CLIP = "out.open_clip_ids";
  private static final String SD1X = "out.hf_sd1x_ids";
  private static final String WITHOUT_FTFY = "_without_ftfy";

  @Override
  public String kind() {
    return "clip_tokenizer";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    JsonNode prompts = directory.json().path("prompts");
    List<String> texts = new ArrayList<>();
    prompts.forEach(prompt -> texts.add(prompt.path("text").asText()));
    ClipTokenizer tokenizer =
        ClipTokenizer.load(directory.file("tokenizer/vocab.json").getParent())
            .withContextLength(directory.json("config.json").path("context_length").asInt());
    Rows rows = new Rows(directory, comparison, texts);

    ClipTokenizer openClip = tokenizer.withConvention(TokenConvention.OPEN_CLIP);
    IntPredicate sameText = row -> prompts.get(row).path("same_without_ftfy").asBoolean(true);
    IntPredicate openClipCounts = sameText.and(rows.equalRows(OPEN_CLIP));
    rows.offerIds(OPEN_CLIP, openClip, openClipCounts);
    rows.offerIds(OPEN_CLIP + WITHOUT_FTFY, openClip, row -> true);
    rows.offerNumbers(
        "out.open_clip_length_before_truncation", openClip::countTokens, openClipCounts);

    ClipTokenizer sd1x = tokenizer.withConvention(TokenConvention.SD1X);
    IntPredicate hfCounts = rows.equalRows(SD1X);
    rows.offerIds(SD1X, sd1x, hfCounts);
    rows.offerIds(SD1X + WITHOUT_FTFY, sd1x, row -> true);
    rows.offerNumbers("out.hf_sd1x_lengths", text -> sd1x.tokens(text).length, hfCounts);

    ClipTokenizer sd2x = tokenizer.withConvention(TokenConvention.SD2X);
    rows.offerIds("out.hf_sd2x_ids", sd2x, hfCounts);
    rows.offerNumbers("out.hf_sd2x_lengths", text -> sd2x.tokens(text).length, hfCounts);
  }

  private record Rows(CaseDirectory directory, Comparison comparison, List<String> texts) {

    /** Whether ftfy makes no difference to a row of that tensor; all rows where nobody knows. */
    IntPredicate equalRows(String tensor) {
      if (!directory.has(tensor) || !directory.has(tensor + WITHOUT_FTFY)) {
        return row -> true;
      }
      TensorValues with = directory.values(tensor);
      double[] difference = with.difference(directory.values(tensor + WITHOUT_FTFY));
      int length = Math.toIntExact(with.shape().get(1));
      return row ->
          IntStream.range(row * length, (row + 1) * length).allMatch(i -> difference[i] == 0);
    }

    void offerIds(String tensor, ClipTokenizer tokenizer, IntPredicate counts) {
      long[] ids = tokenizer.encodeAll(texts);
      offer(
          tensor,
          TensorValues.vector(ids).reshaped(new Shape(texts.size(), tokenizer.contextLength())),
          counts);
    }

    void offerNumbers(String tensor, ToLongFunction<String> number, IntPredicate counts) {
      offer(tensor, TensorValues.vector(texts.stream().mapToLong(number).toArray()), counts);
    }

    private void offer(String tensor, TensorValues got, IntPredicate counts) {
      if (!comparison.awaits(tensor)) {
        return;
      }
      TensorValues expected = directory.values(tensor);
      if (!expected.shape().equals(got.shape())) {
        comparison.offer(tensor, got, Tolerance.EXACT);
        return;
      }
      double[] difference = expected.difference(got);
      int length = difference.length / Math.max(1, texts.size());
      double worst =
          IntStream.range(0, difference.length)
              .filter(i -> counts.test(i / length))
              .mapToDouble(i -> difference[i])
              .max()
              .orElse(0);
      comparison.verdict(tensor, worst, expected.max(), 0, worst == 0);
    }
  }
}
