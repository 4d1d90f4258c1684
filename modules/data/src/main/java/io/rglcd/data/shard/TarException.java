package io.rglcd.data.shard;

import java.io.IOException;

/** The bytes are not those of a whole tar archive. */
final class TarException extends IOException {

  private static final long serialVersionUID = 1L;

  TarException(String message) {
    super(message);
  }
}
