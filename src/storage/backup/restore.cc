#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "net/descriptor.h"
#include "storage/backup/backup.h"
#include "storage/backup/frame.h"
#include "storage/key.h"

namespace strongroom::storage {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::MakeError;
using net::Descriptor;

base::Error Incomplete() {
  return MakeError(ErrorCode::kDependencyError, "the backup is cut, changed or out of order",
                   "use another copy of it");
}

base::Error CannotWrite() {
  return MakeError(ErrorCode::kUnavailable, "the store can't be written",
                   "look for room on the disk and at the rights of the directory");
}

// Takes the files one after another; keeps nothing when it has no directory.
class Target {
 public:
  explicit Target(std::string directory) : directory_(std::move(directory)) {}

  base::Status Begin(const std::string& name, std::uint64_t size) {
    STRONGROOM_TRY(EndFile());
    // Only the files of one directory; the frame is authentic, but not its writer's mistakes.
    if (!name.starts_with("db/") || name.find('/', 3) != std::string::npos || name == "db/.." ||
        name == "db/." || name.find('\0') != std::string::npos)
      return Incomplete();
    left_ = size;
    if (directory_.empty()) return {};
    file_.Reset(open((directory_ + "/" + name).c_str(),
                     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    return file_ ? base::Status() : CannotWrite();
  }
  base::Status Append(std::string_view bytes) {
    if (bytes.size() > left_) return Incomplete();
    left_ -= bytes.size();
    if (!directory_.empty() && !WriteAll(file_.get(), bytes)) return CannotWrite();
    return {};
  }
  base::Status EndFile() {
    if (left_ != 0) return Incomplete();
    if (file_ && fsync(file_.get()) != 0) return CannotWrite();
    file_.Reset();
    return {};
  }

 private:
  const std::string directory_;
  Descriptor file_;
  std::uint64_t left_ = 0;
};

base::Status Take(const Frame& frame, Target& target, BackupReport& report) {
  if (frame.kind == FrameKind::kData) {
    report.bytes += frame.content.size();
    return target.Append(frame.content);
  }
  KeyReader about(frame.content);
  STRONGROOM_ASSIGN(const std::string name, about.Text());
  STRONGROOM_ASSIGN(const std::uint64_t size, about.Uint64());
  ++report.files;
  return target.Begin(name, size);
}

base::Status CheckEnd(const Frame& frame, const BackupReport& report) {
  KeyReader about(frame.content);
  STRONGROOM_ASSIGN(const std::uint64_t files, about.Uint64());
  STRONGROOM_ASSIGN(const std::uint64_t bytes, about.Uint64());
  if (files != report.files || bytes != report.bytes) return Incomplete();
  return {};
}

base::Result<BackupReport> ReadAll(FrameReader& reader, Target& target, std::uint64_t file_size,
                                   const BackupWatch& watch) {
  BackupReport report;
  report.bytes_total = file_size;  // near enough
  while (true) {
    STRONGROOM_ASSIGN(const auto frame, reader.Next());
    if (!frame.has_value()) return Incomplete();
    if (frame->kind == FrameKind::kEnd) {
      STRONGROOM_TRY(target.EndFile());
      STRONGROOM_TRY(CheckEnd(*frame, report));
      break;
    }
    STRONGROOM_TRY(Take(*frame, target, report));
    watch(report);
  }
  STRONGROOM_ASSIGN(const auto more, reader.Next());
  if (more.has_value()) return Incomplete();
  report.bytes_total = report.bytes;
  return report;
}

struct Input {
  Descriptor file;
  FrameReader reader;
  std::uint64_t size = 0;
};

base::Result<Input> OpenBackup(const std::string& path, std::shared_ptr<KeyProvider> provider) {
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about {};
  if (!file || fstat(file.get(), &about) != 0)
    return MakeError(ErrorCode::kNotFound, "the backup can't be opened", "check its path");
  STRONGROOM_ASSIGN(FrameReader reader, FrameReader::Open(file.get(), std::move(provider)));
  return Input{std::move(file), std::move(reader), static_cast<std::uint64_t>(about.st_size)};
}

bool SyncPath(const std::string& directory) {
  const Descriptor opened(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened && fsync(opened.get()) == 0;
}

base::Status KeepKeyring(const std::string& directory, const std::string& keyring) {
  const Descriptor file(open((directory + "/KEYRING").c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file || !WriteAll(file.get(), keyring) || fsync(file.get()) != 0) return CannotWrite();
  return {};
}

base::Result<BackupReport> RestoreInto(Input& input, const std::string& fresh,
                                       const std::string& directory, const BackupWatch& watch) {
  if (mkdir((fresh + "/db").c_str(), 0700) != 0) return CannotWrite();
  Target target(fresh);
  STRONGROOM_ASSIGN(const BackupReport report, ReadAll(input.reader, target, input.size, watch));
  STRONGROOM_TRY(KeepKeyring(fresh, input.reader.head().keyring));
  if (!SyncPath(fresh + "/db") || !SyncPath(fresh)) return CannotWrite();
  if (rename(fresh.c_str(), directory.c_str()) != 0) return CannotWrite();
  const std::string parent = fs::path(directory).parent_path().string();
  if (!SyncPath(parent.empty() ? "." : parent)) return CannotWrite();
  return report;
}

}  // namespace

base::Result<BackupReport> VerifyBackup(const std::string& path,
                                        std::shared_ptr<KeyProvider> provider,
                                        const BackupWatch& watch) {
  STRONGROOM_ASSIGN(Input input, OpenBackup(path, std::move(provider)));
  Target nowhere("");
  return ReadAll(input.reader, nowhere, input.size, watch);
}

base::Result<BackupReport> RestoreBackup(const std::string& path, const std::string& given,
                                         std::shared_ptr<KeyProvider> provider,
                                         const BackupWatch& watch) {
  std::string directory = given;
  while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(directory, ignored)))
    return MakeError(ErrorCode::kAlreadyExists, "the data directory exists",
                     "name one that does not; restoring never replaces a store");
  STRONGROOM_ASSIGN(Input input, OpenBackup(path, std::move(provider)));
  const std::string fresh = directory + ".restoring";
  if (mkdir(fresh.c_str(), 0700) != 0)
    return MakeError(ErrorCode::kUnavailable, "the directory `" + fresh + "` can't be made",
                     "make its parent; if another restoring has left it, remove it");
  auto report = RestoreInto(input, fresh, directory, watch);
  if (!report.ok()) fs::remove_all(fresh, ignored);
  return report;
}

}  // namespace strongroom::storage
