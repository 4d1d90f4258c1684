/**
 * Measurements of the product: what actors cost a step, how soon a run starts, how long a network
 * of published size takes. Never on the product's class path.
 */
package io.rglcd.bench;
