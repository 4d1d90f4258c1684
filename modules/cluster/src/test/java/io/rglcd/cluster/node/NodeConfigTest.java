package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rglcd.cluster.dataplane.DataPlaneOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeConfigTest {

  @Test
  void eachSettingIsOneThatAkkaHas() {
    Config akka = ConfigFactory.defaultReference();
    assertThat(ConfigFactory.parseResources("rglcd-node.conf").entrySet())
        .isNotEmpty()
        .allSatisfy(setting -> assertThat(akka.hasPathOrNull(setting.getKey())).isTrue());
  }

  @Test
  void firstSeedDoesNotFoundAClusterSoonWhileMembersMayBeAlive() {
    assertThat(seedNodeTimeout(1, true)).hasSeconds(30);
    assertThat(seedNodeTimeout(1, false)).hasSeconds(5);
    assertThat(seedNodeTimeout(2, true)).as("the second asks as often as ever").hasSeconds(5);
  }

  private static Duration seedNodeTimeout(int port, boolean mayBeAlive) {
    NodeOptions options =
        new NodeOptions(
            "node",
            Set.of(Role.COORDINATOR),
            0,
            "a",
            port,
            0,
            new Discovery.SeedNodes(List.of("a:1", "a:2")),
            new Downing.StaticQuorum(1),
            Optional.empty(),
            Duration.ofSeconds(2),
            DataPlaneOptions.of("node", "a", 0, 0, "secret"),
            Path.of("log"),
            Path.of("scratch"));
    return NodeConfig.of(options, new LastMembers(List.of("a:3"), mayBeAlive))
        .getDuration("akka.cluster.seed-node-timeout");
  }
}
