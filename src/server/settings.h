// What an operator chooses, with its defaults. Every member is an option of `serve` and a key of
// its configuration file (docs/reference/configuration.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.h"
#include "storage/keys/settings.h"

namespace strongroom::server {

struct Listen {
  std::string host = "127.0.0.1";  // an address
  std::uint16_t port = 0;
};

// The exchange of AWS identities for tokens (SPEC 5).
struct IamSettings {
  // What clients sign as x-twisp-aws-id: https://host[:port]/. Empty: there is no exchange.
  std::string auth_url;
  std::vector<std::string> partitions{"aws"};  // whose identities are taken
  std::string audience;                        // `aud` of vended tokens; empty: the auth URL
  std::uint64_t token_seconds = 900;
  std::string algorithm = "ES256";  // of vended tokens
  std::uint64_t rotation_days = 30;
  bool allow_root = false;                 // root users of accounts are identities too
  bool allow_federated_users = false;      // federated users too, whose names others choose
  std::vector<std::string> sts_endpoints;  // host=https://address: VPC endpoints, stand-ins
  std::string sts_ca;                      // PEM file, trusted for these besides the system's
  std::vector<std::string> sts_networks;   // private networks (CIDR) that these may live in
  bool sts_loopback = false;               // development only
};

struct Settings {
  std::string data;  // directory of the store
  storage::KeySettings keys;
  // How long the key of a deleted tenant is kept; 0 destroys it with the mutation.
  std::uint64_t tenant_deletion_grace_hours = 0;
  Listen main{"127.0.0.1", 8443};
  Listen admin{"127.0.0.1", 9443};
  Listen grpc{"127.0.0.1", 50051};
  bool grpc_reflection = false;  // security 9.24
  std::string tls_certificate;   // PEM files
  std::string tls_key;
  // Values of which a token's `aud` must hold one; the word `any` stands alone (SPEC 3).
  std::vector<std::string> audiences;
  std::uint64_t token_seconds_max = 315360000;  // the longest lifetime of a token
  std::uint64_t token_skew_seconds = 60;        // by how much clocks may differ; 0 … 300
  std::vector<std::string> token_algorithms;    // of signatures; empty: all that are known
  std::uint64_t token_failures_per_second = base::limits::kTokenFailuresPerSecondMax;
  std::uint64_t token_cache_entries = base::limits::kTokenCacheEntriesMax;
  std::uint64_t keys_fresh_seconds = 600;  // without Cache-Control
  std::uint64_t keys_stale_hours = 24;     // how long keys are used of an issuer that fails
  // Of issuers that differ, `https://issuer=value`: audiences, longest lifetime, PEM file.
  std::vector<std::string> issuer_audiences;
  std::vector<std::string> issuer_token_seconds;
  std::vector<std::string> issuer_cas;
  std::string issuer_ca;                     // PEM file, trusted for issuers besides the system's
  std::vector<std::string> issuer_patterns;  // who may be asked for keys; empty: any public issuer
  std::vector<std::string> issuer_networks;  // private networks (CIDR) that issuers may live in
  bool issuer_loopback = false;              // development only
  std::string console_issuer;                // whose verified e-mails name users; empty: nobody's
  IamSettings iam;
  std::string audit_log = "-";
  std::string audited_reads = "none";      // of the sealed log: none, sampled or all
  std::uint64_t audit_retention_days = 0;  // of the sealed log; 0: for ever
  bool introspection = true;
  std::size_t workers = 0;  // 0: four for each processor
  // Of bodies of requests that wait or run, in all; others get 503.
  std::size_t request_bytes_max = base::limits::kHttpBufferedBytesMax;
  std::size_t cache_bytes = std::size_t{256} << 20;
  std::uint64_t drain_seconds = 10;
};

}  // namespace strongroom::server
