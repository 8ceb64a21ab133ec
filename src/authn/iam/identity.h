// Identity: who STS says somebody is, as a canonical ARN (SPEC 5, security 5.18-5.26).
#pragma once

#include <string>
#include <string_view>

#include "authn/iam/refusal.h"
#include "net/fetch.h"

namespace strongroom::authn::iam {

struct Identity {
  std::string arn;        // as STS says it, with the session of an assumed role
  std::string principal;  // the canonical one: arn:aws:iam::A:role/R, never with a session
  std::string account;    // 12 digits
  // AWS's unique id: another one for a role that was deleted and made again under its name. Without
  // the session name that STS appends.
  std::string user_id;
  std::string session_name;    // chosen by the caller; "" when it is no session
  std::string sts_request_id;  // for the audit log
};

struct IdentityRules {
  std::string partition;    // of the endpoint that answered
  bool allow_root = false;  // security 5.25
  // Whoever may call GetFederationToken chooses the name of the federated user.
  bool allow_federated_users = false;
};

// Reads an answer to GetCallerIdentity: status 200, JSON by its content type, strict, at most
// 16 KiB, one object with the account, the ARN and the user id. Everything else is a refusal:
// kStsUnavailable for 5xx, 429 and throttling, otherwise those that are answered 401.
OrRefusal<Identity> ReadIdentity(const net::FetchResponse& response, const IdentityRules& rules);

// The principal and session of an ARN: users, roles and, if allowed, federated users and root; an
// assumed role becomes its role. kIdentityRefused for anything else: other partitions, services and
// kinds, a region, an account that is not `account`, and characters that names in IAM can't have,
// `*` and `?` among them (security 5.20-5.24).
OrRefusal<Identity> Canonical(std::string_view arn, std::string_view account,
                              const IdentityRules& rules);

}  // namespace strongroom::authn::iam
