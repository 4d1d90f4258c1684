package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

class NodeConfigTest {

  @Test
  void eachSettingIsOneThatAkkaHas() {
    Config akka = ConfigFactory.defaultReference();
    assertThat(ConfigFactory.parseResources("rglcd-node.conf").entrySet())
        .isNotEmpty()
        .allSatisfy(setting -> assertThat(akka.hasPathOrNull(setting.getKey())).isTrue());
  }
}
