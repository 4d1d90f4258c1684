package io.rglcd.tensor.safetensors;

import ai.djl.ndarray.types.DataType;
import io.rglcd.tensor.TorchFunction;
import java.util.Optional;

/** The element types that are read; the names are those of the file format. */
public enum DType {
  /** IEEE double. */
  F64(8, DataType.FLOAT64, "torch.view_copy(x, dtype=7)"),
  /** IEEE single. */
  F32(4, DataType.FLOAT32, "torch.view_copy(x, dtype=6)"),
  /** IEEE half; read as float32. */
  F16(2, DataType.FLOAT32, "torch.to(torch.view_copy(x, dtype=5), 6)"),
  /** bfloat16, the upper half of a single; read as float32. */
  BF16(2, DataType.FLOAT32, "torch.to(torch.view_copy(x, dtype=15), 6)"),
  /** Signed 64 bit. */
  I64(8, DataType.INT64, "torch.view_copy(x, dtype=4)"),
  /** Signed 32 bit. */
  I32(4, DataType.INT32, "torch.view_copy(x, dtype=3)"),
  /** Unsigned 8 bit. */
  U8(1, DataType.UINT8, "torch.clone(x)"),
  /** One byte, 0 or 1. */
  BOOL(1, DataType.BOOLEAN, "torch.ne(x, 0)");

  private final int bytes;
  private final DataType readAs;
  private final String fromBytes;

  DType(int bytes, DataType readAs, String fromBytes) {
    this.bytes = bytes;
    this.readAs = readAs;
    this.fromBytes = fromBytes;
  }

  /** Bytes of an element in the file. */
  public int bytes() {
    return bytes;
  }

  /** The engine's type of the tensor that {@link SafetensorsFile#read} gives. */
  public DataType readAs() {
    return readAs;
  }

  /** Whether the engine reads the file's bytes as they are. */
  boolean aliased() {
    return readAs.getNumOfBytes() == bytes && this != BOOL;
  }

  /**
   * The function of consecutive uint8 pieces and an int64 shape that copies them to a tensor. The
   * numbers in its text are PyTorch's scalar types.
   */
  TorchFunction fromBytes() {
    return TorchFunction.of(
        "def forward(self, parts: List[Tensor], shape: Tensor) -> Tensor:\n"
            + "  sizes: List[int] = shape.tolist()\n"
            + "  x = parts[0]\n"
            + "  if torch.len(parts) > 1:\n"
            + "    x = torch.cat(parts)\n"
            + "  return torch.reshape("
            + fromBytes
            + ", sizes)\n");
  }

  /** The type of that name, if it is one of these. */
  static Optional<DType> named(String name) {
    for (DType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The type that an engine's tensor is written as, if there is one. */
  static Optional<DType> of(DataType type) {
    for (DType candidate : values()) {
      if (candidate.readAs == type && candidate.readAs.getNumOfBytes() == candidate.bytes) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
