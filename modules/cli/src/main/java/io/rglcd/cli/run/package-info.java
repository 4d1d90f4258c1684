/**
 * What the commands do: opens what a configuration names, trains, measures before and after, and
 * leaves model, pictures and reports. No parsing of options, no tensor mathematics of its own.
 */
package io.rglcd.cli.run;
