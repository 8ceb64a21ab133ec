// A Strongroom server as its clients see it: GraphQL over HTTPS, with a token. For commands that
// move books in and out; what they may see and do is what the token's policies say.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/event_loop.h"
#include "net/https_client.h"

namespace strongroom::server::book {

struct RemoteOptions {
  std::string url = "https://localhost:8443/financial/v1/graphql";
  std::string ca;          // PEM file, trusted besides the system's; may be empty
  std::string token_file;  // read anew for every request, so that it can be renewed meanwhile
  std::string account_id;
};

// The answer to an operation.
struct Answer {
  boost::json::value data;  // null when there is none
  struct Problem {
    std::string code;
    std::string message;
  };
  std::vector<Problem> problems;
};

// One thread.
class Remote {
 public:
  static base::Result<std::unique_ptr<Remote>> Make(RemoteOptions options);

  // Errors: no connection, a token that is refused, an answer that is none. Those of the operation
  // are in the answer. Tries again, for a while, what may succeed later.
  base::Result<Answer> Ask(std::string_view query, boost::json::object variables = {});

 private:
  Remote(RemoteOptions options, std::string ca_pem);
  base::Result<Answer> AskOnce(const std::string& body, bool& again);

  RemoteOptions options_;
  std::string ca_pem_;
  std::vector<net::Cidr> everywhere_;
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::HttpsClient> client_;
};

}  // namespace strongroom::server::book
