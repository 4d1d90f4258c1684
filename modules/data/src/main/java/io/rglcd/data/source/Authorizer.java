package io.rglcd.data.source;

import io.rglcd.data.DataException;
import java.net.URI;
import java.util.Map;

/** Shows a server that a request is allowed. */
@FunctionalInterface
interface Authorizer {

  /**
   * The headers that a GET request needs besides its range.
   *
   * @param address at the host that a shard is named by; others are never authorised
   * @throws DataException where there are no credentials any more
   */
  Map<String, String> headers(URI address, String range);
}
