// Metrics in Prometheus' text form. Labels are statuses, names of parts and issuers that clients or
// the operator registered, never anything of a caller.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <string>

#include "authn/key_cache.h"
#include "ledger/audit/keeper.h"
#include "net/server.h"
#include "server/audit_log.h"
#include "storage/key_control.h"
#include "storage/store.h"

namespace strongroom::server {

// Thread-safe.
class Metrics {
 public:
  Metrics();

  void Count(int status, std::chrono::microseconds duration);

  // What other parts count themselves, read when somebody asks.
  struct Readings {
    net::ServerMetrics net;   // of HTTPS
    net::ServerMetrics grpc;  // of gRPC
    storage::Stats storage;
    storage::KeyStatus keys;
    std::vector<authn::IssuerStatus> issuers;
    std::size_t workers_waiting = 0;
    bool ready = true;
    ledger::audit::Keeper::Stats audit;
    AuditLog::Stats request_log;
    std::uint64_t decisions_dropped = 0;
  };
  std::string Text(const Readings& readings);

 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Histogram& seconds_;
};

}  // namespace strongroom::server
