// AuditLog: one JSON line for every request, whatever came of it (SPEC 3.7). A line names who asked
// (issuer, principal, client), what for, and how it was answered; never a token, a secret or a
// value of a document.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
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

// Thread-safe.
class AuditLog {
 public:
  // Appends to the file at `path`, made with mode 0600; "-" is standard error; "" keeps nothing.
  static base::Result<std::unique_ptr<AuditLog>> Open(const std::string& path,
                                                      const base::Clock& clock);
  ~AuditLog();

  // Never fails the caller: a line that can't be written turns Healthy() false, for good.
  void Write(const AuditRecord& record);
  // While false, requests are refused and readiness says why (UX 6).
  bool Healthy() const;

 private:
  AuditLog(int descriptor, bool owned, const base::Clock& clock)
      : descriptor_(descriptor), owned_(owned), clock_(clock) {}

  const int descriptor_;  // -1: nothing is kept
  const bool owned_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  bool healthy_ = true;
};

}  // namespace strongroom::server
