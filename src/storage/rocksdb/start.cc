#include "storage/rocksdb/start.h"

#include <sys/stat.h>

#include <algorithm>

#include "storage/key.h"
#include "storage/rocksdb/encrypted_file_system.h"
#include "storage/rocksdb/settings.h"
#include "storage/rocksdb/small_file.h"
#include "storage/rocksdb/status.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;
using rocksdb::IOOptions;

base::Error Refused(std::string message, std::string hint) {
  return MakeError(ErrorCode::kDependencyError, std::move(message), std::move(hint));
}

std::string DatabaseDirectory(const Engine& engine) { return engine.options.directory + "/db"; }

base::Error KeysDiffer() {
  return Refused("the keyring and the records of the store are of different times",
                 "restore the whole data directory from one backup");
}

// Nothing was ever acknowledged by a store whose making was interrupted: it is made anew.
base::Status StartAnew(Engine& engine) {
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(engine.files);
  // The engine's own options, because DestroyDB would begin a plaintext log with the default ones.
  const rocksdb::Options options = EngineOptions(env.get(), engine.options.cache_bytes);
  if (const auto status = rocksdb::DestroyDB(DatabaseDirectory(engine), options); !status.ok())
    return EngineError(status);
  return {};
}

base::Result<std::string> ReadRaw(Engine& engine, const std::string& key) {
  std::string value;
  const auto status = engine.db->Get(VerifiedReadOptions(), key, &value);
  if (!status.ok()) return EngineError(status);
  return value;
}

// All ids that stand behind `kind` on disk.
base::Result<std::vector<SpaceId>> Listed(Engine& engine, char kind) {
  const std::unique_ptr<rocksdb::Iterator> at(engine.db->NewIterator(VerifiedReadOptions()));
  std::vector<SpaceId> spaces;
  for (at->Seek(std::string(1, kind)); at->Valid() && at->key()[0] == kind; at->Next()) {
    SpaceId space;
    if (at->key().size() != 1 + space.id.bytes.size()) return KeysDiffer();
    std::copy_n(at->key().data() + 1, space.id.bytes.size(), space.id.bytes.begin());
    spaces.push_back(space);
  }
  if (!at->status().ok()) return EngineError(at->status());
  return spaces;
}

base::Status LoadSpace(Engine& engine, SpaceId id) {
  STRONGROOM_ASSIGN(base::SecretBytes key, engine.keyring->Key(id));
  STRONGROOM_ASSIGN(const std::string state, ReadRaw(engine, StateKey(id)));
  STRONGROOM_ASSIGN(auto seal, SpaceSeal::Load(PlaceOf(engine, id), std::move(key), state));
  const auto space = engine.spaces.FindOrName(id);
  space->seal = seal;
  space->SetDurableSeal(std::move(seal));
  engine.spaces.Keep(space);
  return {};
}

// Null: the key is to be destroyed, or is already.
base::Result<std::optional<base::Timestamp>> ReadMark(std::string_view mark) {
  if (mark == DestroyedMark({})) return std::optional<base::Timestamp>();
  KeyReader reader(mark);
  STRONGROOM_ASSIGN(const std::string word, reader.Text());
  STRONGROOM_ASSIGN(const base::Timestamp until, reader.Timestamp());
  if (word != "deleted" || !reader.AtEnd()) return KeysDiffer();
  return std::optional(until);
}

base::Status LoadDestroyed(Engine& engine, SpaceId id) {
  STRONGROOM_ASSIGN(const std::string sealed, ReadRaw(engine, DestroyedKey(id)));
  const auto installation = engine.spaces.Find(kInstallation)->DurableSeal();
  STRONGROOM_ASSIGN(const std::string mark, installation->Open(DestroyedKey(id), sealed));
  STRONGROOM_ASSIGN(const auto key_until, ReadMark(mark));
  const auto space = engine.spaces.FindOrName(id);
  space->was_destroyed = true;
  space->seal = nullptr;
  space->SetDurableSeal(nullptr);
  space->SetDestroyedAt(key_until);
  engine.spaces.Keep(space);
  return {};
}

base::Status MakeInstallation(Engine& engine) {
  STRONGROOM_ASSIGN(base::SecretBytes key, engine.keyring->Add(kInstallation));
  SpaceSeal seal(PlaceOf(engine, kInstallation), std::move(key), {});
  STRONGROOM_ASSIGN(DiskWrite state, seal.StateWrite({}, *engine.random));
  STRONGROOM_TRY(engine.queue->PushAndWait({std::move(state)}));
  return engine.keyring->MarkReady();
}

base::Status MakeDirectory(Engine& engine) {
  const std::string& directory = engine.options.directory;
  if (engine.files->FileExists(directory, IOOptions(), nullptr).ok()) return {};
  // RocksDB would make it readable for everybody.
  if (engine.options.file_system == nullptr) mkdir(directory.c_str(), 0700);
  if (const auto made = engine.files->CreateDirIfMissing(directory, IOOptions(), nullptr);
      !made.ok())
    return EngineError(made);
  // A power cut must not take the directory away with all that is acknowledged in it.
  const std::size_t slash = directory.find_last_not_of('/');
  const std::size_t end = directory.rfind('/', slash);
  const std::string parent = end == std::string::npos ? "." : directory.substr(0, end + 1);
  return SyncDirectory(*engine.files, parent);
}

// RocksDB writes before it has read everything, and aborts on some damage: so the files that it
// reads from the beginning are checked first. A table that no crash left behind is checked as it is
// read.
base::Status CheckFiles(Engine& engine) {
  rocksdb::FileSystem& files = *engine.env->GetFileSystem();
  const std::string directory = DatabaseDirectory(engine);
  std::vector<std::string> names;
  // Without a directory there is nothing to check, and RocksDB says so.
  if (!files.GetChildren(directory, IOOptions(), &names, nullptr).ok()) return {};
  for (const std::string& name : names) {
    const bool known = name == "CURRENT" || name == "IDENTITY" || name.starts_with("MANIFEST-") ||
                       name.starts_with("OPTIONS-") || name.ends_with(".log");
    if (!known || name.ends_with(".dbtmp")) continue;
    std::uint64_t size = 0;
    const auto read = files.GetFileSize(directory + "/" + name, IOOptions(), &size, nullptr);
    if (!read.ok()) return EngineError(read);
  }
  return {};
}

base::Error FilesMissing() {
  return Refused("files of the store are missing",
                 "restore the whole data directory from one backup");
}

}  // namespace

base::Status LockDirectory(Engine& engine) {
  const std::string& directory = engine.options.directory;
  rocksdb::FileSystem& files = *engine.files;
  if (engine.options.create_if_missing) {
    STRONGROOM_TRY(MakeDirectory(engine));
  } else if (!files.FileExists(directory, IOOptions(), nullptr).ok()) {
    return Refused("the data directory does not exist", "run `strongroom init` first");
  }
  rocksdb::FileLock* lock = nullptr;
  if (!files.LockFile(directory + "/LOCK", IOOptions(), &lock, nullptr).ok())
    return MakeError(ErrorCode::kUnavailable, "the data directory is used by another process",
                     "stop the other server, or give another data directory");
  engine.directory_lock = {lock, [kept = engine.files](void* held) {
                             auto* const file = static_cast<rocksdb::FileLock*>(held);
                             kept->UnlockFile(file, IOOptions(), nullptr).PermitUncheckedError();
                           }};
  return {};
}

base::Status OpenKeyring(Engine& engine) {
  const Keyring::Place place{engine.files, engine.options.directory, engine.options.key_provider,
                             engine.random, engine.clock};
  STRONGROOM_ASSIGN(const bool exists, Keyring::Exists(place));
  if (exists) {
    STRONGROOM_ASSIGN(engine.keyring, Keyring::Open(place));
    if (engine.keyring->ready()) return {};
  } else if (engine.files->FileExists(DatabaseDirectory(engine), IOOptions(), nullptr).ok()) {
    return Refused("the keyring of the store is missing",
                   "restore the file KEYRING of this data directory from a backup");
  }
  if (!engine.options.create_if_missing)
    return Refused("there is no store in the data directory", "run `strongroom init` first");
  if (exists) STRONGROOM_TRY(StartAnew(engine));
  STRONGROOM_ASSIGN(engine.keyring, Keyring::Create(place));
  return {};
}

base::Status OpenDatabase(Engine& engine) {
  STRONGROOM_ASSIGN(engine.env,
                    MakeEncryptedEnv(engine.files, engine.keyring->file_key(), *engine.random));
  STRONGROOM_TRY(CheckFiles(engine));
  rocksdb::Options options = EngineOptions(engine.env.get(), engine.options.cache_bytes);
  // A finished store that has lost its files must not come up empty.
  options.create_if_missing = !engine.keyring->ready();
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(options, DatabaseDirectory(engine), &opened);
  // Without CURRENT there is no database for RocksDB.
  if (status.IsInvalidArgument() || status.IsNotFound() || status.IsPathNotFound())
    return FilesMissing();
  if (!status.ok()) return EngineError(status);
  engine.db.reset(opened);
  return CheckSettings(engine.db->GetDBOptions(), CommitWriteOptions());
}

base::Status LoadSpaces(Engine& engine) {
  if (!engine.keyring->ready()) STRONGROOM_TRY(MakeInstallation(engine));
  STRONGROOM_ASSIGN(const std::vector<SpaceId> living, Listed(engine, 'm'));
  STRONGROOM_ASSIGN(const std::vector<SpaceId> destroyed, Listed(engine, 'x'));
  for (const SpaceId id : living) STRONGROOM_TRY(LoadSpace(engine, id));
  if (engine.spaces.Find(kInstallation) == nullptr) return KeysDiffer();
  for (const SpaceId id : destroyed) STRONGROOM_TRY(LoadDestroyed(engine, id));
  // Keys of spaces that were destroyed, or whose making was never committed.
  for (const SpaceId id : engine.keyring->Spaces())
    if (!std::binary_search(living.begin(), living.end(), id))
      STRONGROOM_TRY(engine.keyring->Remove(id));
  return {};
}

}  // namespace strongroom::storage
