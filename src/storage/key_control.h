// What an operator sees of the keys of a store and does with them (security 7.12, 7.25): status,
// rotation of data keys, rewrapping under another root key, verification.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "storage/key_provider.h"
#include "storage/store.h"

namespace strongroom::storage {

struct SpaceKeys {
  SpaceId space;
  base::Timestamp made;                         // the key of the space
  std::uint32_t epoch = 0;                      // of the data key that seals now
  base::Timestamp epoch_since;                  // when that began
  std::uint64_t seals_reserved = 0;             // of this epoch, at most as many have been used
  bool rotating = false;                        // records under older data keys are being rewritten
  std::optional<base::Timestamp> destroyed_at;  // deleted; when its key goes
};

struct RotationProgress {
  bool paused = false;
  std::size_t spaces_left = 0;          // that are still to be rewritten
  std::uint64_t records_rewritten = 0;  // since the start of the process
  std::uint64_t records_left = 0;       // as counted when the work on the space began
  std::string problem;                  // why it waits; empty when it doesn't
};

struct KeyStatus {
  base::Uuid store;
  std::string provider;        // names the root key
  base::Timestamp wrapped_at;  // when the keys were last wrapped as a whole
  std::uint64_t seals_per_key_max = 0;
  bool provider_reachable = true;  // when it was last asked
  base::Timestamp provider_asked;
  std::vector<SpaceKeys> spaces;
  RotationProgress rotation;
};

// Records that are sealed under other data keys than the one that seals now.
struct OldSeals {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;  // of sealed values
  std::uint64_t all_records = 0;
  std::uint64_t all_bytes = 0;
};

// Thread-safe. Errors: kNotFound for a space that does not exist, kUnavailable when the store or
// the provider fails.
class KeyControl {
 public:
  virtual ~KeyControl() = default;
  virtual KeyStatus Status() = 0;
  // Reads through the records of a space, or of all: what a rotation would have to rewrite, and
  // with `all_…` what one that is ordered now would.
  virtual base::Result<OldSeals> CountOldSeals(std::optional<SpaceId> space) = 0;
  // Begins the next data key of a space, or of all, and rewrites what older ones sealed in the
  // background; goes on after a restart. The order is durable when this answers ok.
  virtual base::Status RotateDataKeys(std::optional<SpaceId> space) = 0;
  // Stops the rewriting until it is resumed; a restart does not resume it.
  virtual base::Status PauseRotation(bool paused) = 0;
  // Wraps the keys of the store and of all spaces with another root key, or again with the same.
  // Requests are served meanwhile. Whole or not at all, also across a crash.
  virtual base::Status Rewrap(std::shared_ptr<KeyProvider> provider) = 0;
  // Unwraps all keys again and compares them with those in use; answers how many there were.
  virtual base::Result<std::size_t> Verify() = 0;
  // Destroys the keys of deleted spaces whose time has come; happens by itself every minute.
  virtual base::Status DestroyDue() = 0;
};

// Of a store that is open; null if it has no keys of its own.
KeyControl* KeysOf(Store& store);

}  // namespace strongroom::storage
