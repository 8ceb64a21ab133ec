#include "storage/rocksdb/transaction.h"

#include <algorithm>

#include "base/check.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;
namespace limits = base::limits;

base::Error Busy() {
  base::Error error = MakeError(ErrorCode::kUnavailable, "the tenant is busy with other writes",
                                "try again in a moment");
  error.retriable = true;
  return error;
}

}  // namespace

// Fails instead of reading on when its transaction has ended: the layers aren't ours any more then.
class RocksTransaction::PassingCursor : public Cursor {
 public:
  PassingCursor(const bool& ended, std::unique_ptr<Cursor> cursor)
      : ended_(ended), cursor_(std::move(cursor)) {}
  base::Result<bool> Next() override {
    if (ended_)
      return MakeError(ErrorCode::kInternalServerError, "a cursor was used after its transaction");
    return cursor_->Next();
  }
  std::string_view key() const override { return cursor_->key(); }
  std::string_view value() const override { return cursor_->value(); }

 private:
  const bool& ended_;
  std::unique_ptr<Cursor> cursor_;
};

base::Result<std::unique_ptr<Transaction>> RocksTransaction::Begin(
    Engine& engine, std::vector<SpaceId> spaces, std::chrono::steady_clock::time_point deadline) {
  std::sort(spaces.begin(), spaces.end());
  spaces.erase(std::unique(spaces.begin(), spaces.end()), spaces.end());
  std::unique_ptr<RocksTransaction> made(new RocksTransaction(engine));
  made->held_.reserve(spaces.size());
  for (const SpaceId id : spaces) {
    auto space = engine.spaces.FindOrName(id);
    if (!space->turn.Take(deadline)) return Busy();
    space->in_flight.Prune(engine.queue->durable());
    made->seen_ = std::max(made->seen_, space->in_flight.last_sequence());
    auto seal = space->seal;
    made->held_.push_back({std::move(space), {}, std::move(seal), false, false});
  }
  if (auto failure = engine.queue->failure(); failure.has_value()) return *std::move(failure);
  if (engine.queue->pending_bytes() > limits::kStoragePendingBytesMax) return Busy();
  // INVARIANT: taken after pruning, so whatever left the overlay is in the snapshot.
  made->at_.emplace(*engine.db);
  return std::unique_ptr<Transaction>(std::move(made));
}

RocksTransaction::~RocksTransaction() {
  if (ended_) return;
  ended_ = true;
  DropCreated();
  GiveTurns();
}

RocksTransaction::Held* RocksTransaction::Find(SpaceId space) {
  for (Held& held : held_)
    if (held.space->id == space) return &held;
  return nullptr;
}

base::Result<std::optional<std::string>> RocksTransaction::Get(SpaceId space,
                                                               std::string_view key) {
  STRONGROOM_CHECK(!ended_);
  const Held* held = Find(space);
  std::shared_ptr<SpaceSeal> seal;
  if (held != nullptr) {
    seal = held->seal;
    if (seal == nullptr) return NoSuchSpace();
    for (const WriteMap* writes : {&held->writes, &held->space->in_flight.writes()})
      if (const auto found = writes->find(key); found != writes->end()) return found->second.value;
  } else {
    const auto other = engine_.spaces.Find(space);
    if (other != nullptr) seal = other->DurableSeal();
    if (seal == nullptr) return NoSuchSpace();
  }
  return GetFromDisk(engine_, *at_, *seal, space, key);
}

base::Result<std::unique_ptr<Cursor>> RocksTransaction::Scan(SpaceId space, const KeyRange& range,
                                                             ScanOptions options) {
  STRONGROOM_CHECK(!ended_);
  const Held* held = Find(space);
  MergedCursor::Layers layers;
  std::shared_ptr<SpaceSeal> seal;
  if (held != nullptr) {
    seal = held->seal;
    layers.own = &held->writes;
    layers.in_flight = &held->space->in_flight.writes();
  } else if (const auto other = engine_.spaces.Find(space); other != nullptr) {
    seal = other->DurableSeal();
  }
  if (seal == nullptr) return NoSuchSpace();
  layers.disk = ScanDisk(engine_, *at_, std::move(seal), space, range, options.reverse);
  auto merged = std::make_unique<MergedCursor>(std::move(layers), range, options);
  return std::unique_ptr<Cursor>(std::make_unique<PassingCursor>(ended_, std::move(merged)));
}

base::Result<RocksTransaction::Held*> RocksTransaction::Writable(SpaceId space) {
  STRONGROOM_CHECK(!ended_);
  Held* held = Find(space);
  if (held == nullptr)
    return MakeError(ErrorCode::kInternalServerError,
                     "a transaction wrote to a space that it does not hold");
  return held;
}

base::Status RocksTransaction::Write(SpaceId space, std::string_view key,
                                     std::optional<std::string> value) {
  STRONGROOM_ASSIGN(Held* const held, Writable(space));
  if (held->seal == nullptr) return NoSuchSpace();
  const std::size_t value_bytes = value.has_value() ? value->size() : 0;
  if (key.size() > limits::kStorageKeyBytesMax || value_bytes > limits::kStorageValueBytesMax)
    return MakeError(ErrorCode::kLimitExceeded, "a record is too large to be stored",
                     "shorten the longest property of the document");
  bytes_ += key.size() + value_bytes;
  if (bytes_ > limits::kStorageTransactionBytesMax)
    return MakeError(ErrorCode::kLimitExceeded, "the operation writes too much at once",
                     "split it into several requests");
  const auto found = held->writes.find(key);
  if (found != held->writes.end()) {
    found->second.value = std::move(value);
  } else {
    held->writes.emplace(std::string(key), storage::Write{std::move(value), 0});
  }
  return {};
}

base::Status RocksTransaction::Put(SpaceId space, std::string_view key, std::string_view value) {
  return Write(space, key, std::string(value));
}

base::Status RocksTransaction::Delete(SpaceId space, std::string_view key) {
  return Write(space, key, std::nullopt);
}

base::Status RocksTransaction::CreateSpace(SpaceId space) {
  STRONGROOM_ASSIGN(Held* const held, Writable(space));
  if (held->seal != nullptr || held->space->was_destroyed || held->destroyed)
    return MakeError(ErrorCode::kAlreadyExists, "the space exists already, or existed once",
                     "choose another id");
  STRONGROOM_ASSIGN(base::SecretBytes key, engine_.keyring->Add(space));
  held->seal = std::make_shared<SpaceSeal>(PlaceOf(engine_, space), std::move(key), SealState{});
  held->seal->BeginFresh();
  held->created = true;
  return {};
}

base::Status RocksTransaction::DestroySpace(SpaceId space) {
  STRONGROOM_ASSIGN(Held* const held, Writable(space));
  if (held->seal == nullptr) return NoSuchSpace();
  if (space == kInstallation || held->created)
    return MakeError(ErrorCode::kInternalServerError, "this space can't be destroyed");
  held->writes.clear();
  held->seal = nullptr;
  held->destroyed = true;
  return {};
}

base::Result<bool> RocksTransaction::SpaceExists(SpaceId space) {
  STRONGROOM_CHECK(!ended_);
  if (const Held* held = Find(space); held != nullptr) return held->seal != nullptr;
  const auto other = engine_.spaces.Find(space);
  return other != nullptr && other->DurableSeal() != nullptr;
}

}  // namespace strongroom::storage
