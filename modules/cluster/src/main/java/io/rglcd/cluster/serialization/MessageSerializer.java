package io.rglcd.cluster.serialization;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.SerializerWithStringManifest;
import akka.stream.StreamRefResolver;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import io.rglcd.cluster.protocol.ClusterMessage;
import io.rglcd.cluster.protocol.Reduce;
import java.io.NotSerializableException;

/** Akka's serializer of {@link ClusterMessage}; bound in reference.conf. Thread-safe. */
public final class MessageSerializer extends SerializerWithStringManifest {

  private static final int IDENTIFIER = 726_401;
  private static final int FIRST_BYTES = 512;
  private static final int MOST_BYTES = 16 << 20;
  private static final int POOLED = 16;

  private record Encoded(Reduce order, byte[] bytes) {}

  private final Pool<Kryo> pool;
  private volatile Encoded last;

  /** Called by Akka. */
  public MessageSerializer(ExtendedActorSystem system) {
    this.pool =
        new Pool<>(true, false, POOLED) {
          @Override
          protected Kryo create() {
            return new MessageKryo(
                ActorRefResolver.get(Adapter.toTyped(system)), StreamRefResolver.get(system));
          }
        };
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  /** The protocol's version; the class is named by its number in the bytes. */
  @Override
  public String manifest(Object message) {
    return MessageRegistry.VERSION;
  }

  /**
   * The bytes of a message.
   *
   * @throws IllegalArgumentException naming the class if it is not registered
   */
  @Override
  public byte[] toBinary(Object message) {
    return message instanceof Reduce order ? once(order) : encode(message);
  }

  /** Long, and the same for all participants: encoded for the first of them. */
  private byte[] once(Reduce order) {
    Encoded known = last;
    if (known == null || !isSame(known.order(), order)) {
      known = new Encoded(order, encode(order));
      last = known;
    }
    return known.bytes();
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(Reduce one, Reduce other) {
    return one == other;
  }

  private byte[] encode(Object message) {
    Kryo kryo = pool.obtain();
    try (Output output = new Output(FIRST_BYTES, MOST_BYTES)) {
      kryo.writeClassAndObject(output, message);
      return output.toBytes();
    } finally {
      pool.free(kryo);
    }
  }

  /**
   * The message of these bytes.
   *
   * @throws NotSerializableException if they come from another version, are damaged, or name a
   *     class that is not registered
   */
  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    if (!manifest.equals(MessageRegistry.VERSION)) {
      throw new NotSerializableException(
          "protocol version " + manifest + " (expected: " + MessageRegistry.VERSION + ")");
    }
    Kryo kryo = pool.obtain();
    try (Input input = new Input(bytes)) {
      if (kryo.readClassAndObject(input) instanceof ClusterMessage message && input.end()) {
        return message;
      }
      throw new NotSerializableException("not one message of the protocol");
    } catch (RuntimeException e) {
      NotSerializableException refused = new NotSerializableException(e.getMessage());
      refused.initCause(e);
      throw refused;
    } finally {
      pool.free(kryo);
    }
  }
}
