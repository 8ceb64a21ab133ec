// `strongroom backup` and `restore`. The server that has the store open makes a checkpoint, or this
// command does when none runs; the checkpoint is then sealed into one file here, beside the server.
#include "storage/backup/backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <memory>

#include "net/descriptor.h"
#include "server/cli/commands.h"
#include "server/cli/key_options.h"
#include "server/control.h"
#include "server/service.h"
#include "storage/rocksdb/open.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;
using storage::BackupReport;

struct BackupOptions {
  std::string data;
  std::string file;
  storage::KeySettings keys;
  std::string output = "text";
};

// Bytes, how many per cent and how long yet, once a second: on a terminal in one line that is
// written over, else as lines of JSON.
class Progress {
 public:
  void operator()(const BackupReport& report) {
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::seconds(1)) return;
    shown_ = now;
    const std::uint64_t all = report.bytes_total;
    const double taken = std::chrono::duration<double>(now - started_).count();
    const auto fresh = static_cast<double>(report.bytes - report.bytes_resumed);
    const double left = fresh > 0 && all > report.bytes
                            ? static_cast<double>(all - report.bytes) * taken / fresh
                            : 0;
    if (isatty(STDERR_FILENO) != 0) {
      fmt::print(stderr, "\r{} of {} MB, {} %, {:.0f} s left\x1b[K", report.bytes >> 20, all >> 20,
                 all == 0 ? 100 : report.bytes * 100 / all, left);
    } else {
      fmt::print(stderr, "{}\n",
                 json::serialize(json::object{
                     {"bytes", report.bytes}, {"bytes_total", all}, {"seconds_left", left}}));
    }
  }
  static void Clear() {
    if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\x1b[K");
  }

 private:
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_ = started_;
};

base::Result<std::shared_ptr<storage::KeyProvider>> Provider(const BackupOptions& options) {
  STRONGROOM_ASSIGN(auto provider, storage::OpenKeyProvider(options.keys, base::SystemRandom()));
  return std::shared_ptr<storage::KeyProvider>(std::move(provider));
}

base::Status Checkpoint(const BackupOptions& options,
                        const std::shared_ptr<storage::KeyProvider>& provider) {
  STRONGROOM_ASSIGN(const auto running, AskControl(options.data, {{"command", "checkpoint"}}));
  if (running.has_value()) return {};
  storage::RocksDbOptions store;
  store.directory = options.data;
  store.create_if_missing = false;
  store.key_provider = provider;
  STRONGROOM_ASSIGN(const auto opened, storage::OpenRocksDb(std::move(store)));
  return storage::MakeCheckpoint(*opened);
}

// There is one checkpoint, so one backup at a time.
base::Result<net::Descriptor> LockBackups(const std::string& data) {
  net::Descriptor lock(
      open((data + "/BACKUP.LOCK").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock)
    return MakeError(ErrorCode::kDependencyError, "the data directory can't be used",
                     "check --data, and that you are the user of the server");
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return MakeError(ErrorCode::kConflict, "another backup of this store is being written",
                     "wait for it");
  return lock;
}

base::Result<BackupReport> Write(const BackupOptions& options) {
  STRONGROOM_ASSIGN(const auto provider, Provider(options));
  STRONGROOM_ASSIGN(const net::Descriptor lock, LockBackups(options.data));
  if (!storage::CanResume(options.data, options.file, provider))
    STRONGROOM_TRY(Checkpoint(options, provider));
  Progress progress;
  return storage::WriteBackup(options.data, options.file, provider, base::SystemRandom(),
                              std::ref(progress));
}

base::Result<BackupReport> Verify(const BackupOptions& options) {
  STRONGROOM_ASSIGN(const auto provider, Provider(options));
  Progress progress;
  return storage::VerifyBackup(options.file, provider, std::ref(progress));
}

base::Result<BackupReport> Restore(const BackupOptions& options) {
  STRONGROOM_ASSIGN(const auto provider, Provider(options));
  Progress progress;
  return storage::RestoreBackup(options.file, options.data, provider, std::ref(progress));
}

void Print(const BackupOptions& options, const char* done, const BackupReport& report) {
  if (options.output == "json")
    fmt::print("{}\n", json::serialize(json::object{{"ok", true},
                                                    {"files", report.files},
                                                    {"bytes", report.bytes},
                                                    {"bytes_resumed", report.bytes_resumed}}));
  else
    fmt::print("{}: {} files, {} bytes{}\n", done, report.files, report.bytes,
               report.bytes_resumed == 0
                   ? ""
                   : fmt::format(", {} of them by an earlier run", report.bytes_resumed));
}

using Work = base::Result<BackupReport> (*)(const BackupOptions&);

void RunWork(const BackupOptions& options, Work work, const char* done, int& exit) {
  HardenProcess();
  const auto report = work(options);
  Progress::Clear();
  exit = report.ok() ? 0 : Report(report.error());
  if (report.ok()) Print(options, done, *report);
}

void AddVerifyBackup(CLI::App& backup, int& exit) {
  CLI::App* command = backup.add_subcommand("verify", "read a backup and check that it is whole");
  auto options = std::make_shared<BackupOptions>();
  command->add_option("FILE", options->file, "the backup")->required();
  AddKeyOptions(*command, options->keys);
  AddOutput(*command, options->output);
  command->footer("example:\n  strongroom backup verify 2026-11-25.backup --root-key root.key");
  command->callback([options, &exit] { RunWork(*options, Verify, "good", exit); });
}

void AddWrite(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("backup", "write all of a store into one sealed file");
  auto options = std::make_shared<BackupOptions>();
  command->add_option("--data", options->data, "directory of the store");
  command->add_option("--to", options->file, "the file to write");
  AddKeyOptions(*command, options->keys);
  AddOutput(*command, options->output);
  command->footer(
      "examples, with the server running or stopped:\n"
      "  strongroom backup --data /var/lib/strongroom --root-key root.key --to 2026-11-25.backup\n"
      "  strongroom backup verify 2026-11-25.backup --root-key root.key\n"
      "Interrupted, it leaves FILE.part; the same command goes on where it ended.");
  AddVerifyBackup(*command, exit);
  command->callback([command, options, &exit] {
    if (!command->get_subcommands().empty()) return;
    if (options->data.empty() || options->file.empty()) throw CLI::RequiredError("--data and --to");
    RunWork(*options, Write, "written", exit);
  });
}

void AddRestore(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("restore", "make a store of a backup");
  auto options = std::make_shared<BackupOptions>();
  command->add_option("FILE", options->file, "the backup")->required();
  command->add_option("--data", options->data, "directory to make; it must not exist")->required();
  AddKeyOptions(*command, options->keys);
  AddOutput(*command, options->output);
  command->footer(
      "example:\n"
      "  strongroom restore 2026-11-25.backup --data /var/lib/strongroom --root-key root.key\n"
      "  strongroom verify --data /var/lib/strongroom --root-key root.key");
  command->callback([options, &exit] { RunWork(*options, Restore, "restored", exit); });
}

}  // namespace

void AddBackup(CLI::App& app, int& exit) {
  AddWrite(app, exit);
  AddRestore(app, exit);
}

}  // namespace strongroom::server::cli
