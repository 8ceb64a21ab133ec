// The real server at the time of a corpus of tokens, with the corpus's issuers in place of the
// network: `corpus_server jwt_cases.json`. Prints one JSON line as `strongroom dev --output json`
// does. A line `flush` on standard input forgets the issuers' keys, and is answered `flushed`; the
// end of the input ends the server.
#include <fmt/format.h>
#include <stdlib.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "authn/discovery.h"
#include "base/check.h"
#include "base/log.h"
#include "server/development.h"
#include "server/service.h"

namespace strongroom {
namespace {

namespace json = boost::json;

// The corpus's date; durations are those of the machine.
class CorpusClock : public base::Clock {
 public:
  explicit CorpusClock(base::Timestamp now) : now_(now) {}
  base::Timestamp Now() const override { return now_; }
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::now();
  }

 private:
  const base::Timestamp now_;
};

class CorpusIssuers : public net::HttpFetcher {
 public:
  void Serve(const std::string& issuer, const json::value& keys) {
    const std::string keys_url = issuer + "/keys";
    documents_[authn::DiscoveryUrl(issuer)] =
        json::serialize(json::object{{"issuer", issuer}, {"jwks_uri", keys_url}});
    documents_[keys_url] = json::serialize(keys);
  }
  void Fetch(net::FetchRequest request, net::FetchDone done) override {
    const auto at = documents_.find(request.url);
    net::FetchResponse response;
    response.status = at == documents_.end() ? 404 : 200;
    if (at != documents_.end()) response.body = at->second;
    done(std::move(response));
  }

 private:
  std::map<std::string, std::string> documents_;
};

json::object ReadCorpus(const char* path) {
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return json::parse(text).as_object();
}

std::string Text(const json::value& value) { return json::value_to<std::string>(value); }

server::Settings SettingsOf(const json::object& corpus, server::Settings settings) {
  const json::value& chosen = corpus.at("settings");
  settings.main.port = 0;
  settings.admin.port = 0;
  settings.grpc.port = 0;
  settings.audiences = {"none of them"};
  settings.token_skew_seconds = chosen.at("clock_skew_s").to_number<std::uint64_t>();
  settings.token_seconds_max = chosen.at("max_lifetime_s").to_number<std::uint64_t>();
  for (const json::value& name : chosen.at("allowed_algs").as_array())
    settings.token_algorithms.push_back(Text(name));
  for (const auto& [issuer, audiences] : chosen.at("audiences").as_object())
    for (const json::value& audience : audiences.as_array())
      settings.issuer_audiences.push_back(std::string(issuer) + "=" + Text(audience));
  settings.issuer_audiences.push_back(std::string(server::kDevIssuer) + "=any");
  settings.iam = {};
  settings.audit_log = "";
  return settings;
}

int Run(const json::object& corpus, const std::string& directory) {
  const CorpusClock clock{
      base::Timestamp(std::chrono::seconds(corpus.at("now").to_number<std::int64_t>()))};
  server::Development made = server::PrepareDevelopment(directory).value();
  server::Service::Options options;
  options.clock = &clock;
  options.settings = SettingsOf(corpus, std::move(made.settings));
  options.local_issuers = {{made.issuer->issuer(), made.issuer->Keys(), false}};
  options.bootstrap.emplace();
  options.bootstrap->organization = "Corpus";
  options.bootstrap->account_id = "Root";
  options.bootstrap->tenant_name = "root";
  options.bootstrap->principal = made.issuer->issuer();
  auto issuers = std::make_unique<CorpusIssuers>();
  const std::string own = Text(corpus.at("settings").at("own_issuer"));
  for (const auto& [issuer, keys] : corpus.at("jwks").as_object()) {
    if (issuer != own) {
      issuers->Serve(issuer, keys);
      continue;
    }
    auto set = authn::KeySet::Parse(json::serialize(keys)).value();
    options.local_issuers.push_back(
        {own, std::make_shared<const authn::KeySet>(std::move(set)), true});
  }
  options.fetcher = std::move(issuers);
  const auto service = server::Service::Start(std::move(options)).value();
  const std::string token = made.issuer->Sign({}, clock, base::SystemRandom()).value();
  std::cout << json::serialize(json::object{
                   {"graphql",
                    fmt::format("https://localhost:{}/financial/v1/graphql", service->port())},
                   {"grpc", fmt::format("https://localhost:{}", service->grpc_port())},
                   {"ca", made.ca_path},
                   {"account_id", service->account_id()},
                   {"token", token}})
            << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "flush") service->FlushKeys();
    std::cout << (line == "flush" ? "flushed" : "?") << std::endl;
  }
  service->Stop();
  return 0;
}

}  // namespace
}  // namespace strongroom

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: corpus_server jwt_cases.json\n";
    return 2;
  }
  strongroom::base::SetLogLevel(strongroom::base::LogLevel::kError);
  strongroom::server::BlockSignals();
  std::string directory =
      (std::filesystem::temp_directory_path() / "strongroom-corpus.XXXXXX").string();
  STRONGROOM_CHECK(mkdtemp(directory.data()) != nullptr);
  const int status = strongroom::Run(strongroom::ReadCorpus(argv[1]), directory);
  std::filesystem::remove_all(directory);
  return status;
}
