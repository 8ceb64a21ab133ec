// One ordered walk over several layers of writes and the records on disk below them.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/overlay.h"
#include "storage/store.h"

namespace strongroom::storage {

// What a cursor needs of the records on disk: they come in the order of the scan.
class DiskCursor {
 public:
  virtual ~DiskCursor() = default;
  // Moves on; false at the end.
  virtual base::Result<bool> Next() = 0;
  virtual std::string_view key() const = 0;
  virtual base::Result<std::string> Value() const = 0;
};

class MergedCursor : public Cursor {
 public:
  // Null where there is no such layer. `own` covers `in_flight`, which covers `disk`. They must
  // outlive the cursor; the maps may change while it is open.
  struct Layers {
    const WriteMap* own = nullptr;
    const WriteMap* in_flight = nullptr;
    std::unique_ptr<DiskCursor> disk;
  };
  MergedCursor(Layers layers, KeyRange range, ScanOptions options);

  base::Result<bool> Next() override;
  std::string_view key() const override { return key_; }
  std::string_view value() const override { return value_; }

 private:
  WriteMap::const_iterator Following(const WriteMap& writes) const;
  bool Before(std::string_view a, std::string_view b) const;
  base::Status Advance();
  base::Result<bool> Step();

  Layers layers_;
  const KeyRange range_;
  const ScanOptions options_;
  bool started_ = false;
  bool ended_ = false;
  bool disk_valid_ = false;
  bool visible_ = false;  // of the key that Step() came to: written, not deleted
  std::string key_;
  std::string value_;
};

}  // namespace strongroom::storage
