package io.rglcd.cluster.network;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The cables of a bad network, as a process: each frame is held for a while, some get lost, and
 * some are held longer, so that later ones overtake them. Not left to the kernel's own emulation
 * (netem), which many kernels are built without.
 *
 * <p>Arguments: number of cables, percent of the frames that are lost, percent of the others that
 * are held twice as long, milliseconds that a frame is held. Both ends of each cable are devices in
 * the network namespace of the process, {@link Namespaces#nearEnd} and {@link Namespaces#farEnd};
 * it says a line when they are there, and ends when its input does.
 */
final class BadCables {

  private static final long SEED = 7;
  private static final int PERCENT = 100;

  private final int lost;
  private final int overtaken;
  private final long millis;
  private final SplittableRandom seeds = new SplittableRandom(SEED);

  private BadCables(int lost, int overtaken, long millis) {
    this.lost = lost;
    this.overtaken = overtaken;
    this.millis = millis;
  }

  /** The command of a process that is such cables. */
  static List<String> command(int cables, int lost, int overtaken, long millis) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        BadCables.class.getName(),
        Integer.toString(cables),
        Integer.toString(lost),
        Integer.toString(overtaken),
        Long.toString(millis));
  }

  /** Carries frames until the input ends. */
  public static void main(String[] args) throws IOException {
    BadCables cables =
        new BadCables(
            Integer.parseInt(args[1]), Integer.parseInt(args[2]), Long.parseLong(args[3]));
    for (int cable = 0; cable < Integer.parseInt(args[0]); cable++) {
      Tap near = Tap.make(Namespaces.nearEnd(cable));
      Tap far = Tap.make(Namespaces.farEnd(cable));
      cables.carry(near, far);
      cables.carry(far, near);
    }
    System.out.println("plugged in");
    System.in.transferTo(OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(0);
  }

  private void carry(Tap from, Tap to) {
    SplittableRandom random = seeds.split();
    new Thread(() -> carry(from, to, random)).start();
  }

  private void carry(Tap from, Tap to, SplittableRandom random) {
    while (true) {
      byte[] frame = from.read();
      if (random.nextInt(PERCENT) >= lost) {
        long held = random.nextInt(PERCENT) < overtaken ? 2 * millis : millis;
        CompletableFuture.delayedExecutor(held, TimeUnit.MILLISECONDS, Runnable::run)
            .execute(() -> to.write(frame));
      }
    }
  }
}
