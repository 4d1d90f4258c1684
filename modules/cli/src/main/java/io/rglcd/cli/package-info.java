/** The command line's entry: wires commands, maps exceptions to sentences. */
package io.rglcd.cli;
