// A disk in memory for tests: it loses what was not synced when its power is cut, and fails on
// demand. What kill -9 can't show, because the page cache survives it, shows here (security 8.2).
#pragma once

#include <rocksdb/file_system.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>

namespace strongroom::storage {

// Thread-safe. Files must not be used after PowerCut(), other than to close them.
class SimulatedDisk : public rocksdb::FileSystem {
 public:
  using IOStatus = rocksdb::IOStatus;
  using IOOptions = rocksdb::IOOptions;
  using FileOptions = rocksdb::FileOptions;
  using Debug = rocksdb::IODebugContext;

  // From the `after`th writing operation on (append, sync, create, rename, delete) all of them
  // fail, as if the machine had stopped; -1 for never.
  void StopAfter(std::int64_t after) {
    const std::lock_guard lock(mutex_);
    left_ = after;
  }
  bool stopped() const {
    const std::lock_guard lock(mutex_);
    return left_ == 0;
  }
  // The next `count` syncs of files answer an I/O error; what they were for is lost.
  void FailSyncs(int count) {
    const std::lock_guard lock(mutex_);
    failing_syncs_ = count;
  }
  // One of so many reads, and of so many appends and syncs, fails at random; 0 for none.
  void FailOneIn(std::uint32_t reads, std::uint32_t writes) {
    const std::lock_guard lock(mutex_);
    reads_per_failure_ = reads;
    writes_per_failure_ = writes;
  }
  // While held, syncs of files wait; release them before the store is closed.
  void HoldSyncs(bool hold) {
    const std::lock_guard lock(mutex_);
    hold_syncs_ = hold;
    released_.notify_all();
  }
  // Appends fail for want of space.
  void SetFull(bool full) {
    const std::lock_guard lock(mutex_);
    full_ = full;
  }

  // What a power cut leaves: of every file what was synced, and then a torn piece of what was not,
  // perhaps with zeros at its end; of every directory its synced entries, or all of them.
  void PowerCut(std::mt19937_64& random) {
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::shared_ptr<Inode>> survivors;
    std::map<std::string, bool> journaled;
    const auto was_journaled = [&](const std::string& path) {
      const auto [at, fresh] = journaled.emplace(Parent(path), false);
      if (fresh) at->second = random() % 2 == 0;
      return at->second;
    };
    for (const auto& [path, inode] : synced_entries_)
      if (!was_journaled(path)) survivors[path] = inode;
    for (const auto& [path, inode] : entries_)
      if (was_journaled(path)) survivors[path] = inode;
    // Parents come before their children, so what was in a lost directory is lost all the way down.
    for (auto at = survivors.begin(); at != survivors.end();) {
      const std::string parent = Parent(at->first);
      const bool reachable = parent.empty() || survivors.contains(parent);
      at = reachable ? std::next(at) : survivors.erase(at);
    }
    std::map<const Inode*, std::shared_ptr<Inode>> copies;
    entries_.clear();
    for (const auto& [path, inode] : survivors) {
      auto& copy = copies[inode.get()];
      if (copy == nullptr) copy = Torn(*inode, random);
      entries_[path] = copy;
    }
    synced_entries_ = entries_;
    locks_.clear();
    left_ = -1;
    failing_syncs_ = 0;
    reads_per_failure_ = writes_per_failure_ = 0;
    full_ = false;
  }

  // All files with their bytes, to be looked at or changed; directories have no bytes.
  std::map<std::string, std::string> Files() const {
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::string> files;
    for (const auto& [path, inode] : entries_)
      if (!inode->directory) files[path] = inode->data;
    return files;
  }
  void SetFile(const std::string& path, std::string data) {
    const std::lock_guard lock(mutex_);
    auto inode = std::make_shared<Inode>();
    inode->synced = data.size();
    inode->data = std::move(data);
    entries_[path] = synced_entries_[path] = std::move(inode);
  }
  void SetDirectory(const std::string& path) {
    const std::lock_guard lock(mutex_);
    entries_[path] = synced_entries_[path] = std::make_shared<Inode>();
    entries_[path]->directory = true;
  }
  void RemoveFile(const std::string& path) {
    const std::lock_guard lock(mutex_);
    entries_.erase(path);
    synced_entries_.erase(path);
  }
  // Another disk with the same synced files.
  std::shared_ptr<SimulatedDisk> Clone() const {
    const std::lock_guard lock(mutex_);
    auto copy = std::make_shared<SimulatedDisk>();
    for (const auto& [path, inode] : entries_)
      copy->entries_[path] = copy->synced_entries_[path] = std::make_shared<Inode>(*inode);
    return copy;
  }

  const char* Name() const override { return "SimulatedDisk"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions&,
                             std::unique_ptr<rocksdb::FSSequentialFile>* out, Debug*) override {
    const auto inode = Find(path);
    if (inode == nullptr) return Missing();
    *out = std::make_unique<Sequential>(*this, inode);
    return IOStatus::OK();
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* out, Debug*) override {
    const auto inode = Find(path);
    if (inode == nullptr) return Missing();
    *out = std::make_unique<RandomAccess>(*this, inode);
    return IOStatus::OK();
  }
  IOStatus NewWritableFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<rocksdb::FSWritableFile>* out, Debug*) override {
    const std::lock_guard lock(mutex_);
    if (!Step()) return Stopped();
    auto inode = std::make_shared<Inode>();
    entries_[path] = inode;
    *out = std::make_unique<Writable>(*this, std::move(inode));
    return IOStatus::OK();
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* out,
                              Debug* debug) override {
    auto inode = Find(path);
    if (inode == nullptr) return NewWritableFile(path, options, out, debug);
    *out = std::make_unique<Writable>(*this, std::move(inode));
    return IOStatus::OK();
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions&,
                        std::unique_ptr<rocksdb::FSDirectory>* out, Debug*) override {
    *out = std::make_unique<Directory>(*this, path);
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& path, const IOOptions&, Debug*) override {
    return Find(path) == nullptr ? IOStatus::NotFound() : IOStatus::OK();
  }
  IOStatus GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* out,
                       Debug*) override {
    const std::lock_guard lock(mutex_);
    out->clear();
    if (!entries_.contains(Plain(path))) return Missing();
    for (const auto& [child, inode] : entries_)
      if (Parent(child) == Plain(path)) out->push_back(child.substr(Plain(path).size() + 1));
    return IOStatus::OK();
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions&, Debug*) override {
    const std::lock_guard lock(mutex_);
    if (!Step()) return Stopped();
    return entries_.erase(path) == 0 ? Missing() : IOStatus::OK();
  }
  IOStatus Truncate(const std::string& path, std::size_t size, const IOOptions&, Debug*) override {
    const auto inode = Find(path);
    if (inode == nullptr) return Missing();
    const std::lock_guard lock(mutex_);
    if (!Step()) return Stopped();
    inode->data.resize(size);
    inode->synced = std::min(inode->synced, size);
    return IOStatus::OK();
  }
  IOStatus CreateDir(const std::string& path, const IOOptions&, Debug*) override {
    const std::lock_guard lock(mutex_);
    if (!Step()) return Stopped();
    auto& entry = entries_[Plain(path)];
    if (entry == nullptr) entry = std::make_shared<Inode>();
    entry->directory = true;
    return IOStatus::OK();
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options,
                              Debug* debug) override {
    return Find(Plain(path)) != nullptr ? IOStatus::OK() : CreateDir(path, options, debug);
  }
  IOStatus DeleteDir(const std::string& path, const IOOptions& options, Debug* debug) override {
    return DeleteFile(Plain(path), options, debug);
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions&, std::uint64_t* size,
                       Debug*) override {
    const auto inode = Find(path);
    if (inode == nullptr) return Missing();
    const std::lock_guard lock(mutex_);
    *size = inode->data.size();
    return IOStatus::OK();
  }
  IOStatus GetFileModificationTime(const std::string&, const IOOptions&, std::uint64_t* time,
                                   Debug*) override {
    *time = 0;
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                      Debug*) override {
    const std::lock_guard lock(mutex_);
    if (!Step()) return Stopped();
    const auto at = entries_.find(from);
    if (at == entries_.end()) return Missing();
    const auto inode = at->second;
    entries_.erase(at);
    entries_[to] = inode;
    return IOStatus::OK();
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions&,
                    Debug*) override {
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(from);
    if (at == entries_.end()) return Missing();
    entries_[to] = at->second;
    return IOStatus::OK();
  }
  IOStatus LockFile(const std::string& path, const IOOptions&, rocksdb::FileLock** lock,
                    Debug*) override {
    const std::lock_guard guard(mutex_);
    if (!locks_.insert(path).second) return IOStatus::IOError("locked");
    if (entries_[path] == nullptr) entries_[path] = std::make_shared<Inode>();
    *lock = new Lock(path);
    return IOStatus::OK();
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, Debug*) override {
    const std::unique_ptr<Lock> held(static_cast<Lock*>(lock));
    const std::lock_guard guard(mutex_);
    locks_.erase(held->path);
    return IOStatus::OK();
  }
  IOStatus GetTestDirectory(const IOOptions&, std::string* path, Debug*) override {
    *path = "/test";
    return IOStatus::OK();
  }
  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* out,
                           Debug*) override {
    *out = path;
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* answer, Debug*) override {
    const auto inode = Find(Plain(path));
    *answer = inode != nullptr && inode->directory;
    return IOStatus::OK();
  }

 private:
  struct Inode {
    std::string data;
    std::size_t synced = 0;
    bool directory = false;
  };
  struct Lock : rocksdb::FileLock {
    explicit Lock(std::string which) : path(std::move(which)) {}
    const std::string path;
  };

  class Sequential : public rocksdb::FSSequentialFile {
   public:
    Sequential(SimulatedDisk& disk, std::shared_ptr<Inode> inode)
        : disk_(disk), inode_(std::move(inode)) {}
    IOStatus Read(std::size_t size, const IOOptions&, rocksdb::Slice* out, char* scratch,
                  Debug*) override {
      const IOStatus status = disk_.Copy(*inode_, at_, size, scratch, out);
      if (status.ok()) at_ += out->size();
      return status;
    }
    IOStatus Skip(std::uint64_t size) override {
      at_ += size;
      return IOStatus::OK();
    }

   private:
    SimulatedDisk& disk_;
    const std::shared_ptr<Inode> inode_;
    std::size_t at_ = 0;
  };

  class RandomAccess : public rocksdb::FSRandomAccessFile {
   public:
    RandomAccess(SimulatedDisk& disk, std::shared_ptr<Inode> inode)
        : disk_(disk), inode_(std::move(inode)) {}
    IOStatus Read(std::uint64_t at, std::size_t size, const IOOptions&, rocksdb::Slice* out,
                  char* scratch, Debug*) const override {
      return disk_.Copy(*inode_, at, size, scratch, out);
    }

   private:
    SimulatedDisk& disk_;
    const std::shared_ptr<Inode> inode_;
  };

  class Writable : public rocksdb::FSWritableFile {
   public:
    Writable(SimulatedDisk& disk, std::shared_ptr<Inode> inode)
        : disk_(disk), inode_(std::move(inode)) {}
    using rocksdb::FSWritableFile::Append;
    IOStatus Append(const rocksdb::Slice& data, const IOOptions&, Debug*) override {
      const std::lock_guard lock(disk_.mutex_);
      if (disk_.full_) return IOStatus::NoSpace();
      if (disk_.HasBadLuck(disk_.writes_per_failure_)) return IOStatus::IOError("write failed");
      if (!disk_.Step()) return Stopped();
      inode_->data.append(data.data(), data.size());
      return IOStatus::OK();
    }
    IOStatus Sync(const IOOptions&, Debug*) override {
      std::unique_lock lock(disk_.mutex_);
      disk_.released_.wait(lock, [this] { return !disk_.hold_syncs_; });
      if (!disk_.Step()) return Stopped();
      if (disk_.failing_syncs_ > 0) {
        --disk_.failing_syncs_;
        return IOStatus::IOError("sync failed");
      }
      if (disk_.HasBadLuck(disk_.writes_per_failure_)) return IOStatus::IOError("sync failed");
      inode_->synced = inode_->data.size();
      return IOStatus::OK();
    }
    IOStatus Flush(const IOOptions&, Debug*) override { return IOStatus::OK(); }
    IOStatus Close(const IOOptions&, Debug*) override { return IOStatus::OK(); }
    bool IsSyncThreadSafe() const override { return true; }

   private:
    SimulatedDisk& disk_;
    const std::shared_ptr<Inode> inode_;
  };

  class Directory : public rocksdb::FSDirectory {
   public:
    Directory(SimulatedDisk& disk, std::string path) : disk_(disk), path_(Plain(path)) {}
    IOStatus Fsync(const IOOptions&, Debug*) override {
      const std::lock_guard lock(disk_.mutex_);
      if (!disk_.Step()) return Stopped();
      std::erase_if(disk_.synced_entries_,
                    [this](const auto& entry) { return Parent(entry.first) == path_; });
      for (const auto& [path, inode] : disk_.entries_)
        if (Parent(path) == path_) disk_.synced_entries_[path] = inode;
      return IOStatus::OK();
    }

   private:
    SimulatedDisk& disk_;
    const std::string path_;
  };

  static IOStatus Missing() { return IOStatus::PathNotFound("no such file"); }
  static IOStatus Stopped() { return IOStatus::IOError("the machine has stopped"); }
  static std::string Plain(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
  }
  static std::string Parent(const std::string& path) { return path.substr(0, path.rfind('/')); }

  static std::shared_ptr<Inode> Torn(const Inode& inode, std::mt19937_64& random) {
    auto torn = std::make_shared<Inode>();
    torn->directory = inode.directory;
    const std::size_t lost = inode.data.size() - inode.synced;
    torn->data = inode.data.substr(0, inode.synced + random() % (lost + 1));
    // The length reached the disk and the last sector did not.
    if (lost > 0 && random() % 4 == 0) {
      const std::size_t sector = std::max(torn->data.size() / 512 * 512, inode.synced);
      const std::size_t zeros = std::min(random() % 512, inode.data.size() - sector);
      if (zeros >= 4) torn->data = inode.data.substr(0, sector) + std::string(zeros, '\0');
    }
    torn->synced = torn->data.size();
    return torn;
  }

  // Counts a writing operation; false when the machine has stopped. With mutex_ held.
  bool Step() {
    if (left_ > 0) --left_;
    return left_ != 0;
  }
  std::shared_ptr<Inode> Find(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(Plain(path));
    return at == entries_.end() ? nullptr : at->second;
  }
  // With mutex_ held.
  bool HasBadLuck(std::uint32_t one_in) const { return one_in != 0 && luck_() % one_in == 0; }
  IOStatus Copy(const Inode& inode, std::size_t at, std::size_t size, char* scratch,
                rocksdb::Slice* out) const {
    const std::lock_guard lock(mutex_);
    if (HasBadLuck(reads_per_failure_)) return IOStatus::IOError("read failed");
    const std::string_view part =
        std::string_view(inode.data).substr(std::min(at, inode.data.size()), size);
    std::copy(part.begin(), part.end(), scratch);
    *out = rocksdb::Slice(scratch, part.size());
    return IOStatus::OK();
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Inode>> entries_;  // by path
  std::map<std::string, std::shared_ptr<Inode>> synced_entries_;
  std::set<std::string> locks_;
  std::int64_t left_ = -1;
  int failing_syncs_ = 0;
  std::uint32_t reads_per_failure_ = 0;
  std::uint32_t writes_per_failure_ = 0;
  mutable std::mt19937_64 luck_;
  bool full_ = false;
  bool hold_syncs_ = false;
  std::condition_variable released_;
};

}  // namespace strongroom::storage
