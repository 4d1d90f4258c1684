package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.ServiceKey;
import io.rglcd.cluster.protocol.AssistantMessage;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.Term;

/** An assistant's place in the run, as the newest coordinator sees it. Used by its actor only. */
final class Attendance {

  /** Assistants announce themselves under this key. */
  static final ServiceKey<AssistantMessage> ASSISTANTS =
      ServiceKey.create(AssistantMessage.class, "rglcd-assistant");

  /**
   * The assistant may end.
   *
   * @param refusal why it was never part of the run; empty at the end of the run
   */
  record Dismissal(String refusal) {}

  private final NodeContext node;
  private final ActorRef<AssistantMessage> self;
  private final ActorRef<Dismissal> dismissed;
  private Term term = new Term(0);
  private boolean welcome;

  /**
   * Not greeted yet.
   *
   * @param self the assistant's actor
   * @param dismissed is told when the assistant is not needed any more
   */
  Attendance(NodeContext node, ActorRef<AssistantMessage> self, ActorRef<Dismissal> dismissed) {
    this.node = node;
    this.self = self;
    this.dismissed = dismissed;
  }

  /** Whether a coordinator has found the node's configuration equal to its own. */
  boolean isWelcome() {
    return welcome;
  }

  /** Answers a coordinator; what an older one says does not count. */
  void receive(AssistantMessage message) {
    if (message instanceof AssistantMessage.Greeting greeting) {
      greeted(greeting);
    } else if (message instanceof AssistantMessage.Welcome welcomed) {
      welcome |= welcomed.term().equals(term);
    } else if (message instanceof AssistantMessage.Dismissed over && over.term().equals(term)) {
      dismissed.tell(new Dismissal(over.refusal()));
    }
  }

  private void greeted(AssistantMessage.Greeting message) {
    if (message.term().compareTo(term) >= 0) {
      term = message.term();
      message
          .coordinator()
          .tell(new CoordinatorMessage.RegisterAssistant(node.name(), self, node.identity()));
    }
  }
}
