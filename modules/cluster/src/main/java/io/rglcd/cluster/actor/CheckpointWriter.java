package io.rglcd.cluster.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.rglcd.cluster.CheckpointFiles;
import io.rglcd.cluster.protocol.CheckpointMessage;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import java.nio.file.Path;

/** Makes checkpoints durable and visible at once, in the background. */
public final class CheckpointWriter {

  private CheckpointWriter() {}

  /** A writer; to be spawned on the file dispatcher. */
  public static Behavior<CheckpointMessage> create() {
    return Behaviors.receive(CheckpointMessage.class)
        .onMessage(CheckpointMessage.Publish.class, CheckpointWriter::onPublish)
        .build();
  }

  private static Behavior<CheckpointMessage> onPublish(CheckpointMessage.Publish order) {
    try {
      Path published =
          CheckpointFiles.publish(
              Path.of(order.directory()), order.step().value(), order.runJson());
      order
          .replyTo()
          .tell(new CoordinatorMessage.CheckpointWritten(order.step(), published.toString()));
    } catch (RuntimeException e) {
      order.replyTo().tell(new CoordinatorMessage.CheckpointFailed(order.step(), Reasons.of(e)));
    }
    return Behaviors.same();
  }
}
