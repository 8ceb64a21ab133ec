// Commands that ask a running server, as any client does: over HTTPS, with a token.
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>

#include "base/result.h"

namespace CLI {
class App;
}

namespace strongroom::server::cli {

struct RemoteOptions {
  std::string url = "https://localhost:8443";
  std::string account_id;
  std::string token_file;  // - is standard input; else $STRONGROOM_TOKEN
  std::string ca;          // PEM file, trusted besides the system's
  std::string dev;  // directory of a development server: its CA, its tenant, a token of its own
};

// Adds --url, --account-id, --token-file, --ca and --dev.
void AddRemote(CLI::App& command, RemoteOptions& options);

// One server, asked as often as wanted. Blocks. One thread.
class Remote {
 public:
  static base::Result<std::unique_ptr<Remote>> Connect(const RemoteOptions& options);
  ~Remote();

  // `data` of the answer to a GraphQL document; its first error, with code and hint, if there is
  // any.
  base::Result<boost::json::object> Ask(std::string_view query,
                                        const boost::json::object& variables);

 private:
  struct State;
  explicit Remote(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace strongroom::server::cli
