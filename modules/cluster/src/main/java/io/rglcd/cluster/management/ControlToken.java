package io.rglcd.cluster.management;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a request must carry that changes anything: made of the cluster's secret, which itself never
 * travels.
 *
 * @param text 64 hexadecimal digits
 */
public record ControlToken(String text) {

  private static final String PURPOSE = "rglcd management";

  /** The token of a cluster. */
  public static ControlToken of(String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] sum = mac.doFinal(PURPOSE.getBytes(StandardCharsets.UTF_8));
      return new ControlToken(HexFormat.of().formatHex(sum));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }

  /** The header {@code Authorization} that carries it. */
  public String header() {
    return "Bearer " + text;
  }

  /** Whether a header carries it; takes as long for any. */
  boolean isIn(String header) {
    return MessageDigest.isEqual(
        header().getBytes(StandardCharsets.UTF_8), header.getBytes(StandardCharsets.UTF_8));
  }
}
