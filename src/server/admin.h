// The admin listener: /healthz, /readyz, /metrics. TLS like every other, loopback by default; no
// token, so it tells nothing of tenants but the issuers that they registered.
#pragma once

#include <functional>
#include <string>

#include "net/server.h"

namespace strongroom::server {

struct AdminSources {
  std::function<std::string()> not_ready;  // why requests aren't served; empty when they are
  std::function<std::string()> metrics;    // Prometheus text
};

net::Handler AdminHandler(AdminSources sources);

}  // namespace strongroom::server
