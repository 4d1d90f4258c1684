package io.rglcd.cluster.serialization;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.stream.SourceRef;
import akka.stream.StreamRefResolver;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.RecordSerializer;
import java.util.List;
import java.util.Optional;

/** Kryo that knows the registered classes and nothing else. Not thread-safe. */
final class MessageKryo extends Kryo {

  MessageKryo(ActorRefResolver resolver, StreamRefResolver streams) {
    setRegistrationRequired(true);
    setReferences(false);
    register(ActorRef.class, new ActorRefSerializer(resolver), MessageRegistry.ACTOR_REF);
    register(SourceRef.class, new SourceRefSerializer(streams), MessageRegistry.SOURCE_REF);
    register(Optional.class, new OptionalSerializer(), MessageRegistry.OPTIONAL);
    register(List.class, new ListSerializer(), MessageRegistry.LIST);
    MessageRegistry.classes().forEach((id, type) -> register(type, recordSerializer(type), id));
  }

  private static <T> Serializer<T> recordSerializer(Class<T> type) {
    return new RecordSerializer<>(type);
  }

  /** References and lists are known by their interfaces: their classes are private. */
  @Override
  @SuppressWarnings("rawtypes")
  public Registration getRegistration(Class type) {
    if (ActorRef.class.isAssignableFrom(type)) {
      return super.getRegistration(ActorRef.class);
    }
    if (SourceRef.class.isAssignableFrom(type)) {
      return super.getRegistration(SourceRef.class);
    }
    return super.getRegistration(List.class.isAssignableFrom(type) ? List.class : type);
  }

  private static final class ActorRefSerializer extends Serializer<ActorRef<?>> {

    private final ActorRefResolver resolver;

    ActorRefSerializer(ActorRefResolver resolver) {
      super(false, true);
      this.resolver = resolver;
    }

    @Override
    public void write(Kryo kryo, Output output, ActorRef<?> ref) {
      output.writeString(resolver.toSerializationFormat(ref));
    }

    @Override
    public ActorRef<?> read(Kryo kryo, Input input, Class<? extends ActorRef<?>> type) {
      return resolver.resolveActorRef(input.readString());
    }
  }

  private static final class SourceRefSerializer extends Serializer<SourceRef<?>> {

    private final StreamRefResolver resolver;

    SourceRefSerializer(StreamRefResolver resolver) {
      super(false, true);
      this.resolver = resolver;
    }

    @Override
    public void write(Kryo kryo, Output output, SourceRef<?> ref) {
      output.writeString(resolver.toSerializationFormat(ref));
    }

    @Override
    public SourceRef<?> read(Kryo kryo, Input input, Class<? extends SourceRef<?>> type) {
      return resolver.resolveSourceRef(input.readString());
    }
  }

  private static final class OptionalSerializer extends Serializer<Optional<?>> {

    OptionalSerializer() {
      super(false, true);
    }

    @Override
    public void write(Kryo kryo, Output output, Optional<?> value) {
      output.writeBoolean(value.isPresent());
      value.ifPresent(present -> kryo.writeClassAndObject(output, present));
    }

    @Override
    public Optional<?> read(Kryo kryo, Input input, Class<? extends Optional<?>> type) {
      return input.readBoolean() ? Optional.of(kryo.readClassAndObject(input)) : Optional.empty();
    }
  }

  private static final class ListSerializer extends Serializer<List<?>> {

    ListSerializer() {
      super(false, true);
    }

    @Override
    public void write(Kryo kryo, Output output, List<?> list) {
      output.writeVarInt(list.size(), true);
      list.forEach(item -> kryo.writeClassAndObject(output, item));
    }

    @Override
    public List<?> read(Kryo kryo, Input input, Class<? extends List<?>> type) {
      int size = input.readVarInt(true);
      if (size < 0 || size > input.limit() - input.position()) {
        throw new KryoException(
            "list of "
                + size
                + " items (expected: at most one for each byte left, "
                + (input.limit() - input.position())
                + ")");
      }
      Object[] items = new Object[size];
      for (int i = 0; i < size; i++) {
        items[i] = kryo.readClassAndObject(input);
      }
      return List.of(items);
    }
  }
}
