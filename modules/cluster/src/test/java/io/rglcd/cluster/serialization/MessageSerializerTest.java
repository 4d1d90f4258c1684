package io.rglcd.cluster.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.stream.SourceRef;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.StreamRefs;
import com.typesafe.config.ConfigFactory;
import io.rglcd.cluster.protocol.ClusterMessage;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import java.io.NotSerializableException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageSerializerTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseResources("rglcd-node.conf").withFallback(ConfigFactory.load()));
  private static final Serialization SERIALIZATION = SerializationExtension.get(KIT.system());
  private static final ActorRef<?> REF = KIT.createTestProbe().ref();

  private static final SourceRef<?> STREAM =
      Source.<Integer>maybe().runWith(StreamRefs.sourceRef(), KIT.system());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  static Stream<Class<?>> messages() {
    return concrete(ClusterMessage.class).distinct();
  }

  private static Stream<Class<?>> concrete(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(MessageSerializerTest::concrete)
        : Stream.of(type);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyMessageOfTheProtocolSurvives(Class<?> type) throws Exception {
    for (int i = 0; i < 5; i++) {
      Object message = sample(type, new Random(i));
      MessageSerializer serializer = (MessageSerializer) SERIALIZATION.findSerializerFor(message);
      byte[] bytes = serializer.toBinary(message);
      assertThat(serializer.fromBinary(bytes, serializer.manifest(message))).isEqualTo(message);
    }
  }

  /** A value of a type with all its parts filled in. */
  private static Object sample(Type type, Random random) throws Exception {
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == List.class) {
        List<Object> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          items.add(sample(generic.getActualTypeArguments()[0], random));
        }
        return items;
      }
      if (generic.getRawType() == Optional.class) {
        return random.nextBoolean()
            ? Optional.of(sample(generic.getActualTypeArguments()[0], random))
            : Optional.empty();
      }
      if (generic.getRawType() == SourceRef.class) {
        return STREAM;
      }
      assertThat(generic.getRawType()).isEqualTo(ActorRef.class);
      return REF;
    }
    if (type == long.class) {
      return 1 + (random.nextLong() >>> 1);
    }
    if (type == int.class) {
      return 1 + random.nextInt(1000);
    }
    if (type == double.class) {
      return random.nextGaussian();
    }
    if (type == boolean.class) {
      return random.nextBoolean();
    }
    if (type == String.class) {
      return "text " + random.nextInt();
    }
    RecordComponent[] parts = ((Class<?>) type).getRecordComponents();
    assertThat(parts).as("%s is a record", type).isNotNull();
    Object[] values = new Object[parts.length];
    Class<?>[] types = new Class<?>[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = sample(parts[i].getGenericType(), random);
      types[i] = parts[i].getType();
    }
    return ((Class<?>) type).getDeclaredConstructor(types).newInstance(values);
  }

  @Test
  void numbersOnTheWireAreFixed() {
    assertThat(MessageRegistry.classes())
        .containsEntry(60, CoordinatorMessage.Register.class)
        .containsEntry(30, Term.class);
    assertThat(MessageRegistry.classes().values()).doesNotHaveDuplicates();
    assertThat(MessageRegistry.classes().keySet()).allMatch(id -> id > MessageRegistry.LIST);
  }

  @Test
  void unregisteredClassIsRefusedInBothDirections() throws Exception {
    MessageSerializer serializer = serializer();
    assertThatThrownBy(() -> serializer.toBinary(new java.util.BitSet(1)))
        .hasMessageContaining("java.util.BitSet");
    assertThatThrownBy(
            () -> serializer.fromBinary(new byte[] {(byte) 0xff, 0x7f}, MessageRegistry.VERSION))
        .isInstanceOf(NotSerializableException.class);
    byte[] value = serializer.toBinary(new StepNumber(3));
    assertThatThrownBy(() -> serializer.fromBinary(value, MessageRegistry.VERSION))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("not one message");
  }

  @Test
  void otherVersionIsRefused() {
    assertThatThrownBy(() -> serializer().fromBinary(new byte[0], "1"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessage("protocol version 1 (expected: " + MessageRegistry.VERSION + ")");
  }

  @ParameterizedTest
  @MethodSource("messages")
  void damagedBytesAreRefusedOrHarmless(Class<?> type) throws Exception {
    Random random = new Random(1);
    MessageSerializer serializer = serializer();
    byte[] bytes = serializer.toBinary(sample(type, random));
    for (int i = 0; i < 200; i++) {
      byte[] damaged = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      try {
        assertThat(serializer.fromBinary(damaged, MessageRegistry.VERSION))
            .isInstanceOf(ClusterMessage.class);
      } catch (NotSerializableException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  private static MessageSerializer serializer() throws Exception {
    return (MessageSerializer) SERIALIZATION.serializerFor(CoordinatorMessage.Stop.class);
  }
}
