package io.rglcd.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.DataException;
import io.rglcd.data.DataSet;
import io.rglcd.data.TarBuilder;
import io.rglcd.data.shard.ShardDamage;
import io.rglcd.data.shard.ShardSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardSourcesTest {

  @TempDir Path folder;

  @Test
  void expandsBracesInAddressesAndKeepsTheOrderAsWritten() throws IOException {
    Path local = new TarBuilder().file("a.txt", "a").write(folder.resolve("b.tar"));
    assertThat(names("http://host/{000..001}.tar", local.toString(), "https://{a,b}/c.tar"))
        .containsExactly(
            "http://host/000.tar",
            "http://host/001.tar",
            local.toString(),
            "https://a/c.tar",
            "https://b/c.tar");
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://host/a.tar, expected: a path",
    "http:///a.tar, names no host",
    "http://host/a b.tar, is no address",
    "http://user:secret@host/a.tar, a token file"
  })
  void whatIsNoAddressIsOneSentence(String specification, String sentence) {
    assertThatThrownBy(() -> names(specification))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(sentence)
        .hasMessageNotContaining("secret");
  }

  @Test
  void shardsOverHttpAreADataSetInTheirOrder() {
    try (ShardServer server = new ShardServer()) {
      for (int i = 0; i < 20; i++) {
        server.put("/" + i, new TarBuilder().file("k" + i + ".txt", "x").bytes(), "\"1\"");
      }
      DataSet data = DataSet.find(List.of(server.address("/{0..19}")));
      assertThat(data.shards()).hasSize(20);
      for (int i = 0; i < 20; i++) {
        assertThat(data.shards().get(i).samples().get(0).key()).isEqualTo("k" + i);
      }
    }
  }

  @Test
  void aMissingShardIsAnErrorUnlessItIsToBeSkipped() {
    try (ShardServer server = new ShardServer()) {
      server.put("/0", new TarBuilder().file("a.txt", "x").bytes(), "\"1\"");
      List<String> both = List.of(server.address("/{0..1}"), folder + "/{gone,away}.tar");
      assertThatThrownBy(() -> DataSet.find(both.subList(0, 1)))
          .isInstanceOf(DataException.class)
          .hasMessage("shard " + server.address("/1") + ": it does not exist (404)");
      DataSet data = DataSet.find(both, SourceOptions.DEFAULT.skippingMissing());
      assertThat(data.total()).isEqualTo(1);
      assertThat(data.damages()).hasSize(3).allMatch(ShardDamage::missing);
    }
  }

  @Test
  void aRefusedOrSilentServerIsAnErrorEvenWhereMissingShardsAreSkipped() {
    try (ShardServer server = new ShardServer()) {
      server.misbehave(
          exchange -> {
            boolean refused = exchange.getRequestURI().getPath().equals("/refused");
            ShardServer.answer(exchange, refused ? 401 : 500);
            return true;
          });
      HttpOptions once =
          new HttpOptions(Duration.ofSeconds(5), Duration.ofSeconds(5), 0, BearerTokens.NONE);
      for (String path : List.of("/refused", "/broken")) {
        String address = server.address(path);
        assertThatThrownBy(
                () ->
                    DataSet.find(
                        List.of(address), SourceOptions.DEFAULT.withHttp(once).skippingMissing()))
            .isInstanceOf(DataException.class)
            .hasMessageContaining(address);
      }
    }
  }

  private static List<String> names(String... specifications) {
    return new ShardSources(SourceOptions.DEFAULT, System::nanoTime, new Random(1))
        .find(List.of(specifications)).stream().map(ShardSource::name).toList();
  }
}
