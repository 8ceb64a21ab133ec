// Caller: who makes a call of gRPC, as the door found out, and what the audit log will want to know
// of it. Belongs to the thread of the call.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "authn/verified_claims.h"
#include "base/error.h"

namespace strongroom::services {

struct Caller {
  std::shared_ptr<const authn::VerifiedClaims> claims;  // not null
  std::string account_id;
  std::string email;  // verified, of the console's issuer; mostly empty
  std::string request_id;

  // Of the last operation of the call.
  std::string client;
  std::string operation;
  std::vector<base::ErrorCode> codes;
  int http_status = 0;  // what GraphQL over HTTP would have answered; 0: nothing was asked
};

}  // namespace strongroom::services
