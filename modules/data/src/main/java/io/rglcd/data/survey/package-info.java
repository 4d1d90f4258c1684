/** Looks at shards. */
package io.rglcd.data.survey;
