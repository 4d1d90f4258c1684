package io.rglcd.data.source;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An nginx of this machine that serves a folder on the loopback interface. */
final class Nginx implements AutoCloseable {

  private final Path folder;
  private final int port;
  private Process process;

  /**
   * Starts it.
   *
   * @param folder that it serves and keeps its files in
   * @param directives for its location
   */
  Nginx(Path folder, String directives) throws IOException {
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    String temporary =
        Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            .map(kind -> kind + "_temp_path " + folder + "/tmp;")
            .reduce("", String::concat);
    Files.writeString(
        folder.resolve("nginx.conf"),
        "daemon off; master_process off; pid "
            + folder
            + "/pid; error_log stderr;"
            + " events {} http { limit_conn_zone $binary_remote_addr zone=one:1m; access_log off; "
            + temporary
            + " server { listen 127.0.0.1:"
            + port
            + "; location / { root "
            + folder
            + "; "
            + directives
            + " } } }");
    start();
  }

  /** Where it is installed; Debian keeps it off the path of ordinary users. */
  static Optional<Path> program() {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Stream.of(path.split(File.pathSeparator, -1))
        .map(directory -> Path.of(directory, "nginx"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  String address(String name) {
    return "http://127.0.0.1:" + port + "/" + name;
  }

  /** Starts it, again where it was stopped; it listens a moment later. */
  void start() throws IOException {
    String nginx = program().orElseThrow().toString();
    process =
        new ProcessBuilder(
                List.of(
                    nginx, "-p", folder.toString(), "-c", folder + "/nginx.conf", "-e", "stderr"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.log").toFile())
            .start();
  }

  /** Ends it at once, in the middle of what it sends. */
  void stop() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    stop();
  }
}
