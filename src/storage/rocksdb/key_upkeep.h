// KeyUpkeep: the work on the keys of an open store that nobody waits for, on a thread of its own:
// rewriting of records, keys of deleted spaces, asking after the root key.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "storage/key_control.h"
#include "storage/rocksdb/engine.h"

namespace strongroom::storage {

// Thread-safe. `engine` must outlive it.
class KeyUpkeep : public KeyControl {
 public:
  explicit KeyUpkeep(Engine& engine);
  ~KeyUpkeep() override;
  KeyUpkeep(const KeyUpkeep&) = delete;
  KeyUpkeep& operator=(const KeyUpkeep&) = delete;

  KeyStatus Status() override;
  base::Result<OldSeals> CountOldSeals(std::optional<SpaceId> space) override;
  base::Status RotateDataKeys(std::optional<SpaceId> space) override;
  base::Status PauseRotation(bool paused) override;
  base::Status Rewrap(std::shared_ptr<KeyProvider> provider) override;
  base::Result<std::size_t> Verify() override;
  base::Status DestroyDue() override;

 private:
  using Time = std::chrono::steady_clock::time_point;
  base::Result<std::vector<std::shared_ptr<Space>>> Chosen(std::optional<SpaceId> space) const;
  base::Status BeginRotation(Space& space);
  void Run();
  void AskProvider();
  std::shared_ptr<Space> NextToRewrite() const;
  base::Status RewriteSome(Space& space, SpaceSeal& seal);
  base::Status FinishSpace(Space& space, SpaceSeal& seal);
  void Compact(SpaceId space);
  // Until `time` has passed, there is something to do, or the end; true for the end.
  bool WaitFor(std::chrono::milliseconds time);
  void SetProblem(std::string problem);

  Engine& engine_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false;
  RotationProgress progress_;
  bool provider_reachable_ = true;
  base::Timestamp provider_asked_;
  Time ask_again_;
  // Of the thread: how far the space that it rewrites has come.
  std::optional<SpaceId> current_;
  std::uint32_t epoch_ = 0;  // everything before it is rewritten
  std::string position_;
  std::thread thread_;  // last: it uses the others
};

}  // namespace strongroom::storage
