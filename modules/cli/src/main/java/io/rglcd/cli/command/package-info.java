/** One class a command: options and help here, the work elsewhere. */
package io.rglcd.cli.command;
