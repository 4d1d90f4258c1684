package io.rglcd.cluster.management;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ControlTokenTest {

  @Test
  void tokenIsAsTheStandardComputesIt() {
    // printf 'rglcd management' | openssl dgst -sha256 -hmac secret
    assertThat(ControlToken.of("secret").text())
        .isEqualTo("f5185a349cc096dca3e8a29a59c9f5076d8d006c4bda3fd654e003d7011642ab");
  }

  @Test
  void onlyTheSameSecretIsAllowed() {
    ControlToken token = ControlToken.of("secret");
    assertThat(token.isIn(ControlToken.of("secret").header())).isTrue();
    assertThat(token.isIn(ControlToken.of("secret ").header())).isFalse();
    assertThat(token.isIn(token.text())).isFalse();
    assertThat(token.isIn("")).isFalse();
  }
}
