package io.rglcd.data.shard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Groups files into samples as the original's {@code group_by_keys_nothrow} does: consecutive files
 * of one key are a sample, another key or a repeated extension starts the next.
 */
final class SampleGrouping {

  private final List<SampleEntry> samples = new ArrayList<>();
  private final List<SampleEntry.Field> fields = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private String key = "";

  void add(String ofKey, SampleEntry.Field field) {
    if (!ofKey.equals(key) || names.contains(field.name())) {
      end();
      key = ofKey;
    }
    names.add(field.name());
    fields.add(field);
  }

  /** The samples of all files added, the last one too. */
  List<SampleEntry> finish() {
    end();
    return samples;
  }

  private void end() {
    if (!fields.isEmpty()) {
      samples.add(new SampleEntry(key, fields));
      fields.clear();
      names.clear();
    }
  }
}
