/**
 * The training configuration: HOCON text to immutable records, one a section, each checked in its
 * constructor. No defaults here; they stand in {@code rglcd-reference.conf}.
 */
package io.rglcd.cli.config;
