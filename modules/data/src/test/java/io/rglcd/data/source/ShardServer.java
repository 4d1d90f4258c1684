package io.rglcd.data.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A real HTTP server of byte ranges on the loopback interface that can be told to misbehave. */
final class ShardServer implements AutoCloseable {

  /** What a server does with one request; true where the request has been dealt with. */
  interface Fault {
    boolean handle(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, String> etags = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicLong bytesSent = new AtomicLong();
  private volatile Fault fault = exchange -> false;
  private volatile long cutAfter = Long.MAX_VALUE;

  ShardServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String put(String path, byte[] content, String etag) {
    files.put(path, content);
    etags.put(path, etag);
    return address(path);
  }

  String address(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Asked before each request is served. */
  void misbehave(Fault other) {
    fault = other;
  }

  /** Every body is cut after so many bytes, whatever its header promised. */
  void cutAfter(long bytes) {
    cutAfter = bytes;
  }

  /** Method, path, range and token of each request. */
  List<String> requests() {
    return requests;
  }

  long bytesSent() {
    return bytesSent.get();
  }

  static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    answer(exchange, 302);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String range = exchange.getRequestHeaders().getFirst("Range");
      String token = exchange.getRequestHeaders().getFirst("Authorization");
      requests.add(exchange.getRequestURI().getPath() + " " + range + " " + token);
      if (!fault.handle(exchange)) {
        serve(exchange, range);
      }
    }
  }

  private void serve(HttpExchange exchange, String range) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] content = files.get(path);
    if (content == null) {
      answer(exchange, 404);
      return;
    }
    String[] bounds = range.substring("bytes=".length()).split("-", 2);
    int from = Integer.parseInt(bounds[0]);
    if (from >= content.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
      answer(exchange, 416);
      return;
    }
    int to = (int) Math.min(content.length, Long.parseLong(bounds[1]) + 1);
    String span = "bytes " + from + "-" + (to - 1) + "/" + content.length;
    exchange.getResponseHeaders().set("Content-Range", span);
    exchange.getResponseHeaders().set("ETag", etags.get(path));
    exchange.sendResponseHeaders(206, to - from);
    int sent = (int) Math.min(to - from, cutAfter);
    exchange.getResponseBody().write(content, from, sent);
    exchange.getResponseBody().flush();
    bytesSent.addAndGet(sent);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
