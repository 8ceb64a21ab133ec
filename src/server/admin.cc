#include "server/admin.h"

#include <boost/json.hpp>

namespace strongroom::server {
namespace {

namespace json = boost::json;

net::Response Status(int status, json::object body) {
  net::Response response;
  response.status = status;
  response.body = json::serialize(body) + "\n";
  return response;
}

net::Response Ready(const std::string& reason) {
  if (reason.empty()) return Status(200, {{"status", "ready"}});
  return Status(503, {{"status", "not ready"}, {"reason", reason}});
}

net::Response Answer(const net::Request& request, const AdminSources& sources) {
  if (request.method() != "GET") {
    net::Response response = Status(405, {{"error", "only GET is served here"}});
    response.headers.push_back({"allow", "GET"});
    return response;
  }
  if (request.path() == "/healthz") return Status(200, {{"status", "alive"}});
  if (request.path() == "/readyz") return Ready(sources.not_ready());
  if (request.path() == "/metrics") {
    net::Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = sources.metrics();
    return response;
  }
  return Status(404, {{"error", "nothing is served here"},
                      {"hint", "ask for /healthz, /readyz or /metrics"}});
}

}  // namespace

net::Handler AdminHandler(AdminSources sources) {
  return [sources = std::move(sources)](net::Request request, net::Responder responder) {
    responder.Send(Answer(request, sources));
  };
}

}  // namespace strongroom::server
