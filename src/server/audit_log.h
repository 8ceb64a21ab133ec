// AuditLog: one JSON line for every request, whatever came of it, and for every checkpoint of the
// sealed log (SPEC 3.7). A line names who asked (issuer, principal, client), what for, and how it
// was answered; never a token, a secret or a value of a document. What was decided, and why, is in
// the sealed log (ledger/audit).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/result.h"

namespace strongroom::server {

struct AuditRecord {
  std::string request_id;
  std::string source;  // address of the peer
  std::string account_id;
  std::string issuer;     // of a refused token: what it claimed
  std::string principal;  // verified; empty when the token was refused
  std::string subject;    // of a verified token
  std::string jwt_id;
  std::string key_id;
  std::string client;
  std::string operation;
  std::string refusal;  // why a token, or the proof for one, was refused
  // Of the IAM exchange: names and values, in the order given.
  std::vector<std::pair<const char*, std::string>> aws;
  int status = 0;           // of HTTP; for gRPC what it would have been
  std::string grpc_status;  // empty: it came over HTTP
  std::vector<base::ErrorCode> codes;
  std::chrono::microseconds duration{0};
};

// Thread-safe. Lines wait in memory for a thread of its own that writes them, so that no caller
// waits for a disk. When they can't be written they wait on, up to a bound; what is more is lost,
// and a line says how many were.
class AuditLog {
 public:
  struct Stats {
    std::uint64_t written = 0;
    std::uint64_t lost = 0;
    std::size_t waiting = 0;
  };

  // Appends to the file at `path`, made with mode 0600; "-" is standard error; "" keeps nothing.
  // A file that was moved away is made anew.
  static base::Result<std::unique_ptr<AuditLog>> Open(const std::string& path,
                                                      const base::Clock& clock);
  ~AuditLog();  // writes what waits, for at most five seconds
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  // Never blocks and never fails the caller.
  void Write(const AuditRecord& record);
  void WriteCheckpoint(const std::string& jws);
  // False while lines can't be written: writes are refused then, and readiness says why (UX 6).
  bool Healthy() const;
  Stats GetStats() const;
  // Waits until nothing waits, or as long as given. For tests.
  bool Flush(std::chrono::milliseconds wait_max);

 private:
  AuditLog(std::string path, int descriptor, const base::Clock& clock);
  void Push(std::string line);
  void Run();
  bool ReopenIfMoved();
  // Answers how many bytes were written; 0 when none could be.
  std::size_t WriteSome(std::string_view bytes);

  const std::string path_;  // of a file that is ours; else empty
  int descriptor_;          // -1: nothing is kept; the writer's own
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // All below by `mutex_`.
  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;
  std::size_t waiting_ = 0;  // with those that are being written
  Stats stats_;
  std::uint64_t untold_ = 0;  // lost, and no line says so yet
  bool failing_ = false;
  bool stopped_ = false;
  std::thread writer_;
};

}  // namespace strongroom::server
