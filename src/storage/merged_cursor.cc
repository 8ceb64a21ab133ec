#include "storage/merged_cursor.h"

namespace strongroom::storage {

MergedCursor::MergedCursor(Layers layers, KeyRange range, ScanOptions options)
    : layers_(std::move(layers)), range_(std::move(range)), options_(options) {}

base::Result<bool> MergedCursor::Next() {
  while (!ended_) {
    STRONGROOM_ASSIGN(const bool found, Step());
    if (!found) break;
    if (visible_) return true;
  }
  ended_ = true;
  return false;
}

bool MergedCursor::Before(std::string_view a, std::string_view b) const {
  return options_.reverse ? b < a : a < b;
}

// The next write of a layer after key_ in the direction of the scan, or end(). It is looked up anew
// for each step, because writes come and go while a cursor is open.
WriteMap::const_iterator MergedCursor::Following(const WriteMap& writes) const {
  if (!options_.reverse) {
    const auto at = started_ ? writes.upper_bound(key_) : writes.lower_bound(range_.begin);
    return at == writes.end() || (!range_.end.empty() && at->first >= range_.end) ? writes.end()
                                                                                  : at;
  }
  auto at = started_             ? writes.lower_bound(key_)
            : range_.end.empty() ? writes.end()
                                 : writes.lower_bound(range_.end);
  if (at == writes.begin()) return writes.end();
  --at;
  return at->first < range_.begin ? writes.end() : at;
}

base::Status MergedCursor::Advance() {
  if (layers_.disk == nullptr) return {};
  STRONGROOM_ASSIGN(disk_valid_, layers_.disk->Next());
  return {};
}

// Goes to the next key of any layer and takes what its topmost layer says.
base::Result<bool> MergedCursor::Step() {
  if (!started_) STRONGROOM_TRY(Advance());
  const Write* top = nullptr;
  std::string_view next;
  bool found = disk_valid_;
  if (disk_valid_) next = layers_.disk->key();
  for (const WriteMap* writes : {layers_.in_flight, layers_.own}) {
    if (writes == nullptr) continue;
    const auto at = Following(*writes);
    if (at == writes->end() || (found && Before(next, at->first))) continue;
    next = at->first;
    top = &at->second;
    found = true;
  }
  started_ = true;
  if (!found) return false;
  const bool on_disk = disk_valid_ && layers_.disk->key() == next;
  key_ = next;
  visible_ = top == nullptr || top->value.has_value();
  value_.clear();
  if (visible_ && !options_.keys_only) {
    if (top != nullptr) {
      value_ = *top->value;
    } else {
      STRONGROOM_ASSIGN(value_, layers_.disk->Value());
    }
  }
  if (on_disk) STRONGROOM_TRY(Advance());
  return true;
}

}  // namespace strongroom::storage
