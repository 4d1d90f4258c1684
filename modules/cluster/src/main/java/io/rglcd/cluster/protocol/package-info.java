/**
 * What the actors say to each other: values with a type of their own and, for each actor, one
 * sealed interface of immutable records. Everything here can cross a process boundary (see {@link
 * io.rglcd.cluster.serialization}); tensors never do, they travel on the data plane ({@link
 * io.rglcd.cluster.collective}).
 *
 * <p>No behaviour and no decisions belong here.
 */
package io.rglcd.cluster.protocol;
