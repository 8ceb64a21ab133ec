// What `strongroom key` asks of a store, as JSON: the same whether the store is open in a running
// server (server/control.h) or in the command itself.
#pragma once

#include <boost/json/fwd.hpp>

#include "base/result.h"
#include "storage/key_control.h"
#include "storage/keys/settings.h"

namespace strongroom::server {

// {"command": "status"}                  counts all records; "progress" is the same without
// {"command": "rotate", "tenant": UUID or null, "dry_run": bool}   null is all, the installation
// too
// {"command": "pause"}, {"command": "resume"}, {"command": "verify"}
// {"command": "rewrap", "keys": …}                                 as KeySettingsJson makes it
// Errors: kBadRequest for anything else, and those of KeyControl.
base::Result<boost::json::object> AnswerKeyCommand(storage::KeyControl& keys,
                                                   const boost::json::object& command);

// {"command": "rotate_issuer"}, answered with {"made": bool}: of the service, for it has the
// issuer.
bool IsRotateIssuer(const boost::json::object& command);

// Names and paths only; secrets stay in their files.
boost::json::object KeySettingsJson(const storage::KeySettings& settings);

}  // namespace strongroom::server
