// Service: everything that runs while Strongroom serves, in the order it is built and taken down.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authn/verifier.h"
#include "base/clock.h"
#include "base/result.h"
#include "ledger/bootstrap.h"
#include "net/fetch.h"
#include "server/settings.h"

namespace strongroom::server {

class Service {
 public:
  struct Options {
    Settings settings;
    // Issuers whose keys are at hand, and are never fetched: that of a development start.
    std::vector<authn::LocalIssuer> local_issuers;
    // Done before anything is served, if the store has no organization yet.
    std::optional<ledger::BootstrapRequest> bootstrap;
    // Seams: the machine's clock and the network, unless a test has its own.
    const base::Clock* clock = &base::SystemClock();
    std::unique_ptr<net::HttpFetcher> fetcher;
  };

  // Opens the store, and then the listeners. Fails with what the operator should do about it.
  static base::Result<std::unique_ptr<Service>> Start(Options options);
  ~Service();  // Stop(), if it was not called
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  std::uint16_t port() const;
  std::uint16_t admin_port() const;
  std::uint16_t grpc_port() const;
  // Of the bootstrap, when there was one.
  const std::string& account_id() const;

  // Stops listening, lets requests in flight finish, closes the store. Returns how many requests
  // were cut off. Everything acknowledged is durable.
  std::size_t Stop();

  // Forgets the keys of all outside issuers, and what was verified with them (security 2.50).
  void FlushKeys();

  // Reads the certificate files again; on failure the old certificate stays.
  base::Status ReloadCertificate();

 private:
  struct State;
  explicit Service(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// No core dumps, no debugger of another user, no file that others may read (security 7.19).
void HardenProcess();

// Blocks until SIGINT or SIGTERM; SIGHUP reloads the certificate, SIGUSR1 flushes keys. Call
// BlockSignals first, before any thread is made.
void BlockSignals();
void WaitForSignal(Service& service);

}  // namespace strongroom::server
