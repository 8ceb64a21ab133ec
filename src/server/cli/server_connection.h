// A running server as a client of its public interface: GraphQL over TLS, with a token.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace CLI {
class App;
}

namespace strongroom::server::cli {

struct ServerOptions {
  std::string server;      // https://host[:port]; the path of GraphQL when it is left out
  std::string account_id;  // x-twisp-account-id
  std::string token_file;  // else the environment's STRONGROOM_TOKEN
  std::string ca_file;     // trusted besides the system's certificates
};

// --server (`by_default` when it is empty: left out), --account-id, --token-file, --ca
void AddServerOptions(CLI::App& command, ServerOptions& options, std::string by_default);

// One thread. Answers are waited for, at most half a minute each.
class ServerConnection {
 public:
  // Reads token and CA. A token never stands in an argument, where others could see it.
  static base::Result<std::unique_ptr<ServerConnection>> Open(const ServerOptions& options);
  virtual ~ServerConnection() = default;

  struct Answer {
    boost::json::object data;
    boost::json::array warnings;  // of extensions
  };
  // Fails with the first error of the answer, its hint and its code.
  virtual base::Result<Answer> Ask(std::string_view query, boost::json::object variables) = 0;
};

}  // namespace strongroom::server::cli
