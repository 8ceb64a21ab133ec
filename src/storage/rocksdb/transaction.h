// A transaction of the embedded engine (store.h says what it guarantees).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/rocksdb/disk_reader.h"
#include "storage/rocksdb/engine.h"

namespace strongroom::storage {

class RocksTransaction : public Transaction {
 public:
  // Waits for the turns; see Store::Begin.
  static base::Result<std::unique_ptr<Transaction>> Begin(
      Engine& engine, std::vector<SpaceId> spaces, std::chrono::steady_clock::time_point deadline);
  ~RocksTransaction() override;

  base::Result<std::optional<std::string>> Get(SpaceId space, std::string_view key) override;
  base::Result<std::unique_ptr<Cursor>> Scan(SpaceId space, const KeyRange& range,
                                             ScanOptions options) override;
  base::Status Put(SpaceId space, std::string_view key, std::string_view value) override;
  base::Status Delete(SpaceId space, std::string_view key) override;
  base::Status CreateSpace(SpaceId space) override;
  base::Status DestroySpace(SpaceId space) override;
  base::Result<bool> SpaceExists(SpaceId space) override;
  void Commit(Done done) override;
  void Rollback(Done done) override;

 private:
  // A space whose turn this transaction has.
  struct Held {
    std::shared_ptr<Space> space;
    WriteMap writes;
    std::shared_ptr<SpaceSeal> seal;  // null: there is no such space, as this transaction sees it
    bool created = false;
    bool destroyed = false;
  };
  // A reservation that travels with this commit.
  struct Reserved {
    std::shared_ptr<SpaceSeal> seal;
    SealBudget::Reservation reservation;
  };
  // What has to happen on the way to `done`, after the sync or its failure.
  struct Aftermath {
    std::vector<std::shared_ptr<Space>> touched;
    std::vector<std::pair<std::shared_ptr<Space>, std::shared_ptr<SpaceSeal>>> created;
    std::vector<std::shared_ptr<Space>> destroyed;
    std::optional<base::Timestamp> key_until;  // of the destroyed ones
    std::vector<Reserved> reserved;
  };
  class PassingCursor;

  explicit RocksTransaction(Engine& engine) : engine_(engine) {}
  Held* Find(SpaceId space);
  base::Result<Held*> Writable(SpaceId space);
  base::Status Write(SpaceId space, std::string_view key, std::optional<std::string> value);
  bool WroteNothing() const;
  base::Result<std::vector<DiskWrite>> SealWrites();
  base::Status SealSpace(Held& held, std::vector<DiskWrite>& out);
  base::Status SealDestruction(SpaceId space, std::vector<DiskWrite>& out);
  base::Status AddReservations(std::vector<DiskWrite>& out, Aftermath& aftermath);
  void Publish(std::uint64_t sequence);
  void DropCreated();
  void GiveTurns();
  static base::Status Conclude(Engine& engine, const Aftermath& aftermath, base::Status written);

  Engine& engine_;
  std::vector<Held> held_;  // by id
  std::optional<DiskSnapshot> at_;
  std::uint64_t seen_ = 0;  // the last commit in flight that this transaction may have read
  std::optional<base::Timestamp> key_until_;  // of spaces that this transaction destroys
  std::size_t bytes_ = 0;
  bool ended_ = false;
};

}  // namespace strongroom::storage
