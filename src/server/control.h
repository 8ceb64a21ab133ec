// How commands on the host reach a running server: a socket `CONTROL` in its data directory, which
// only the user of the server and root can enter. One JSON object each way, a line each.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

namespace strongroom::server {

class Control {
 public:
  using Answer = std::function<base::Result<boost::json::object>(const boost::json::object&)>;

  // Listens in `directory`, which this process must have to itself. `answer` runs on a thread of
  // its own, one command at a time.
  static base::Result<std::unique_ptr<Control>> Start(const std::string& directory, Answer answer);
  ~Control();  // ends after the command that is being answered; removes the socket
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

 private:
  class State;
  explicit Control(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Asks the server that has `directory` open; nothing when there is none. Its errors come back as
// errors.
base::Result<std::optional<boost::json::object>> AskControl(const std::string& directory,
                                                            const boost::json::object& command);

}  // namespace strongroom::server
