package io.rglcd.cluster.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** A name server on loopback that knows the IPv4 addresses of one name, RFC 1035. */
final class TinyDns implements AutoCloseable {

  private static final int HEADER = 12;
  private static final int TYPE_A = 1;
  private static final short ANSWER = (short) 0x8180;
  private static final short NAME_OF_THE_QUESTION = (short) 0xc00c;

  private final DatagramSocket socket;
  private final List<InetAddress> addresses;

  TinyDns(List<String> addresses) {
    try {
      this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      this.addresses = addresses.stream().map(TinyDns::address).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::answer, "tiny-dns");
    thread.setDaemon(true);
    thread.start();
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command that runs another one which asks this server. */
  List<String> client() {
    return List.of(
        "env",
        "JAVA_TOOL_OPTIONS=-Dakka.io.dns.async-dns.nameservers=127.0.0.1:" + socket.getLocalPort());
  }

  private void answer() {
    byte[] bytes = new byte[512];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
      try {
        socket.receive(packet);
        byte[] reply = reply(ByteBuffer.wrap(bytes, 0, packet.getLength()));
        socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private byte[] reply(ByteBuffer query) {
    int end = HEADER;
    while (query.get(end) != 0) {
      end += query.get(end) + 1;
    }
    end += 5;
    List<InetAddress> found = query.getShort(end - 4) == TYPE_A ? addresses : List.of();
    ByteBuffer reply = ByteBuffer.allocate(512);
    reply.putShort(query.getShort(0)).putShort(ANSWER);
    reply.putShort((short) 1).putShort((short) found.size()).putInt(0);
    reply.put(query.slice(HEADER, end - HEADER));
    for (InetAddress address : found) {
      reply.putShort(NAME_OF_THE_QUESTION).putShort((short) TYPE_A).putShort((short) 1);
      reply.putInt(1).putShort((short) 4).put(address.getAddress());
    }
    byte[] bytes = new byte[reply.position()];
    reply.flip().get(bytes);
    return bytes;
  }

  @Override
  public void close() {
    socket.close();
  }
}
