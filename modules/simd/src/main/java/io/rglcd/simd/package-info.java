/**
 * Arithmetic with the processor's vector instructions, which Java 17 offers in a module that
 * incubates; {@link io.rglcd.simd.VectorInstructions} says whether it is there.
 */
package io.rglcd.simd;
