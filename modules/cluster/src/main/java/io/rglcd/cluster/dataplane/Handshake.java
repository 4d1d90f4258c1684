package io.rglcd.cluster.dataplane;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How two nodes make sure that both know the cluster's secret, without sending it: each answers the
 * other's random number with its HMAC-SHA256. TLS, when the cluster has it, goes underneath.
 */
final class Handshake {

  /** What a connection is for. */
  enum Purpose {
    REDUCE(1),
    SNAPSHOT(2),
    /** Only whether somebody is there. */
    KNOCK(3);

    private final int code;

    Purpose(int code) {
      this.code = code;
    }

    private static Purpose of(int code) throws IOException {
      for (Purpose purpose : values()) {
        if (purpose.code == code) {
          return purpose;
        }
      }
      throw new IOException("not a node of this protocol");
    }
  }

  /** Who is at the other end, and what for. */
  record Peer(String node, Purpose purpose) {}

  private static final String VERSION = "rglcd-data-5";
  private static final int NONCE = 16;
  private static final int TIMEOUT_MILLIS = 5000;
  private static final int MAX_NAME = 256;

  private final byte[] secret;
  private final SecureRandom random = new SecureRandom();

  Handshake(String secret) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
  }

  /** The side that connects. */
  void call(Socket socket, String node, Purpose purpose) throws IOException {
    socket.setSoTimeout(TIMEOUT_MILLIS);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] ours = nonce();
    out.write(VERSION.getBytes(StandardCharsets.US_ASCII));
    out.writeByte(purpose.code);
    writeName(out, node);
    out.write(ours);
    out.flush();
    byte[] theirs = in.readNBytes(NONCE);
    byte[] proof = in.readNBytes(32);
    if (!MessageDigest.isEqual(proof, sign("answer", ours, theirs, node))) {
      throw new IOException("the other node does not know the cluster secret");
    }
    out.write(sign("call", theirs, ours, node));
    out.flush();
    if (in.read() != 1) {
      throw new IOException("the other node has refused the connection");
    }
    socket.setSoTimeout(0);
  }

  /** The side that is called. */
  Peer answer(Socket socket) throws IOException {
    socket.setSoTimeout(TIMEOUT_MILLIS);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    DataInputStream in = new DataInputStream(socket.getInputStream());
    String version = new String(in.readNBytes(VERSION.length()), StandardCharsets.US_ASCII);
    if (!version.equals(VERSION)) {
      throw new IOException("not a node of this protocol");
    }
    Purpose purpose = Purpose.of(in.readByte());
    String node = readName(in);
    byte[] theirs = in.readNBytes(NONCE);
    if (theirs.length < NONCE) {
      throw new IOException("not a node of this protocol");
    }
    byte[] ours = nonce();
    out.write(ours);
    out.write(sign("answer", theirs, ours, node));
    out.flush();
    if (!MessageDigest.isEqual(in.readNBytes(32), sign("call", ours, theirs, node))) {
      throw new IOException(node + " does not know the cluster secret");
    }
    out.writeByte(1);
    out.flush();
    socket.setSoTimeout(0);
    return new Peer(node, purpose);
  }

  private byte[] nonce() {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    return nonce;
  }

  private byte[] sign(String role, byte[] first, byte[] second, String node) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(role.getBytes(StandardCharsets.US_ASCII));
      mac.update(first);
      mac.update(second);
      return mac.doFinal(node.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static void writeName(DataOutputStream out, String name) throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    out.writeShort(bytes.length);
    out.write(bytes);
  }

  private static String readName(DataInputStream in) throws IOException {
    int length = in.readUnsignedShort();
    if (length > MAX_NAME) {
      throw new IOException("not a node of this protocol");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
