package io.rglcd.data;

/**
 * Who holds a lease.
 *
 * @param worker name of the worker
 * @param generation of the member set in which it was dealt
 */
public record Lessee(String worker, long generation) {}
