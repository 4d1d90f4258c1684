/**
 * How messages become bytes: Kryo, registration required, fixed ids in one class. Unknown classes
 * are refused in both directions; Java serialization is never used.
 */
package io.rglcd.cluster.serialization;
