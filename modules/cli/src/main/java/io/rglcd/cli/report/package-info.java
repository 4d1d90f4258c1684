/**
 * What a run leaves for people and programs: pictures, curves, report.json, progress, and the
 * directory they lie in. Measures nothing itself.
 */
package io.rglcd.cli.report;
