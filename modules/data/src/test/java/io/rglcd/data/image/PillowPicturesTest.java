package io.rglcd.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.data.shard.LocalShard;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Pictures in many encodings, whole and damaged, and what Pillow makes of them; see the script. */
class PillowPicturesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ImageDecoder decoder = new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS);

  @TestFactory
  Stream<DynamicTest> decodesAndRefusesWhatPillowDoes() throws URISyntaxException {
    Path shard = Path.of(PillowPicturesTest.class.getResource("/pictures/pictures.tar").toURI());
    List<SampleEntry> pictures = ShardIndex.read(new LocalShard(shard)).samples();
    assertThat(pictures).hasSizeGreaterThan(90);
    return pictures.stream().map(p -> DynamicTest.dynamicTest(p.key(), () -> check(p)));
  }

  private void check(SampleEntry picture) throws IOException {
    JsonNode facts = JSON.readTree(bytes(picture, "json"));
    RgbImage image;
    try {
      image = decoder.decode(bytes(picture, "img"));
    } catch (ImageException e) {
      boolean unsupported = picture.key().endsWith("-unsupported");
      assertThat(facts.has("refused") || unsupported).as(e.getMessage()).isTrue();
      assertThat(e.kind() == ImageException.Kind.UNSUPPORTED)
          .as(e.getMessage())
          .isEqualTo(unsupported || !picture.key().contains("-"));
      return;
    }
    assertThat(facts.has("refused")).as(facts.toString()).isFalse();
    assertThat(image.width()).isEqualTo(facts.get("width").intValue());
    assertThat(image.height()).isEqualTo(facts.get("height").intValue());
    assertThat(image.rgb()).isEqualTo(bytes(picture, "rgb"));
  }

  private static byte[] bytes(SampleEntry picture, String field) throws IOException {
    return picture.field(List.of(field)).orElseThrow().read();
  }
}
