// The jose suite: tokens, keys and key sets through the real verifier. The primitives under them
// are in conformance_primitives.cc.
#include "conformance_jose.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>
#include <cctype>
#include <map>
#include <memory>
#include <set>

#include "authn/credentials.h"
#include "authn/discovery.h"
#include "authn/jws.h"
#include "authn/verifier.h"
#include "base/log.h"
#include "conformance.h"

namespace strongroom::tools {
namespace {

namespace json = boost::json;
using authn::Refusal;

// Verifies one JWS with a key or key set, without looking at claims.
bool VerifiesJws(const std::string& token, const json::object& key_or_set) {
  const json::object document =
      key_or_set.contains("keys") ? key_or_set : json::object{{"keys", json::array{key_or_set}}};
  const auto set = authn::KeySet::Parse(json::serialize(document));
  const auto jws = authn::ParseJws(token);
  if (!set.ok() || !std::holds_alternative<authn::Jws>(jws)) return false;
  const authn::Jws& read = std::get<authn::Jws>(jws);
  const auto key = set->Find(read.kid, read.algorithm);
  if (!std::holds_alternative<const crypto::VerificationKey*>(key)) return false;
  return std::get<const crypto::VerificationKey*>(key)->key.Verify(
      read.algorithm, read.signing_input, read.signature);
}

// What overrides.json expects of a case instead of its `result`: by file and tcId.
using Overrides = std::map<std::pair<std::string, std::string>, std::string>;

Overrides ReadOverrides(const std::filesystem::path& folder) {
  Overrides overrides;
  if (!std::filesystem::exists(folder / "overrides.json")) return overrides;
  const json::object root = ReadJsonObject(folder / "overrides.json");
  for (const auto& [file, list] : root) {
    if (!list.is_array()) continue;
    for (const json::value& item : list.get_array())
      overrides[{std::string(file), IdText(item.at("tcId"))}] = Text(item, "expect");
  }
  return overrides;
}

std::string Expected(const Overrides& overrides, const std::string& file, const json::value& test) {
  for (const std::string& id : {IdText(test.at("tcId")), std::string("*")})
    if (const auto at = overrides.find({file, id}); at != overrides.end()) return at->second;
  return Text(test, "result");
}

void RunJwsFile(Tally& tally, const std::filesystem::path& folder, const std::string& file,
                const Overrides& overrides) {
  const json::object root = ReadJsonObject(folder / file);
  for (const json::value& group : root.at("testGroups").as_array()) {
    // Groups without a public key are of the HMAC kind, which the product must refuse altogether.
    const json::value* public_key = group.as_object().if_contains("public");
    const json::value& key = public_key != nullptr ? *public_key : group.at("private");
    for (const json::value& test : group.at("tests").as_array()) {
      const std::string id = file + "/" + IdText(test.at("tcId"));
      if (IsDisputed(tally, id, test)) continue;
      const bool expected = public_key != nullptr && Expected(overrides, file, test) == "valid";
      tally.Check(VerifiesJws(Text(test, "jws"), key.as_object()) == expected, id,
                  expected ? "a good signature was refused" : "a bad signature was accepted");
    }
  }
}

// An issuer that serves the key sets of a file at once, and counts.
class ServedKeys : public net::HttpFetcher {
 public:
  void Serve(const std::string& issuer, const std::string& jwks) {
    const std::string keys_url = issuer + "/keys";
    documents_[authn::DiscoveryUrl(issuer)] =
        json::serialize(json::object{{"issuer", issuer}, {"jwks_uri", keys_url}});
    documents_[keys_url] = jwks;
  }
  void Fetch(net::FetchRequest request, net::FetchDone done) override {
    asked_.insert(request.url);
    const auto at = documents_.find(request.url);
    net::FetchResponse response;
    response.status = at == documents_.end() ? 404 : 200;
    if (at != documents_.end()) response.body = at->second;
    done(std::move(response));
  }
  const std::set<std::string>& asked() const { return asked_; }

 private:
  std::map<std::string, std::string> documents_;
  std::set<std::string> asked_;
};

// The verifier with the settings and key sets of jwt_cases.json.
class Bench {
 public:
  explicit Bench(const json::object& root)
      : clock_(base::Timestamp(std::chrono::seconds(root.at("now").to_number<std::int64_t>()))) {
    const json::value& settings = root.at("settings");
    authn::VerifierOptions options;
    options.skew = std::chrono::seconds(settings.at("clock_skew_s").to_number<std::int64_t>());
    const std::chrono::seconds lifetime(settings.at("max_lifetime_s").to_number<std::int64_t>());
    options.rules.lifetime_max = lifetime;
    options.rules.audiences.emplace();  // none, for issuers that the settings don't name
    for (const auto& [issuer, audiences] : settings.at("audiences").as_object())
      options.rules_of_issuer[std::string(issuer)] = {
          json::value_to<std::vector<std::string>>(audiences), lifetime};
    for (const json::value& name : settings.at("allowed_algs").as_array())
      if (const auto known = crypto::ParseSignatureAlgorithm(json::value_to<std::string>(name)))
        options.algorithms.push_back(*known);
    for (const json::value& issuer : settings.at("registered_issuers").as_array())
      registered_.insert(json::value_to<std::string>(issuer));
    options.is_registered = [this](std::string_view issuer) {
      return registered_.contains(std::string(issuer));
    };
    options.failures_per_second_max = 1000000;  // its clock stands still
    AddKeys(root, Text(settings, "own_issuer"), options);
    verifier_ = std::make_unique<authn::TokenVerifier>(std::move(options), fetcher_, clock_);
  }

  authn::Verification Verify(const std::string& token) {
    authn::Verification outcome;
    verifier_->Verify(token, "192.0.2.1",
                      [&outcome](authn::Verification done) { outcome = std::move(done); });
    return outcome;
  }
  bool AskedOnlyRegistered() const {
    return std::ranges::all_of(fetcher_.asked(), [this](const std::string& url) {
      return std::ranges::any_of(registered_, [&url](const std::string& issuer) {
        return url == authn::DiscoveryUrl(issuer) || url == issuer + "/keys";
      });
    });
  }

 private:
  void AddKeys(const json::object& root, const std::string& own, authn::VerifierOptions& options) {
    for (const auto& [issuer, jwks] : root.at("jwks").as_object()) {
      const std::string name(issuer);
      const std::string document = json::serialize(jwks);
      if (name != own) {
        fetcher_.Serve(name, document);
        continue;
      }
      auto set = authn::KeySet::Parse(document);
      if (set.ok())
        options.local_issuers.push_back(
            {name, std::make_shared<const authn::KeySet>(*std::move(set)), true});
    }
  }

  base::ManualClock clock_;
  ServedKeys fetcher_;
  std::set<std::string> registered_;
  std::unique_ptr<authn::TokenVerifier> verifier_;
};

std::string Because(const authn::Verification& outcome) {
  return outcome.ok() ? "accepted" : "refused: " + std::string(authn::RefusalName(outcome.refusal));
}

void RunTokens(Tally& tally, const json::object& root) {
  Bench warm(root);
  for (const json::value& test : root.at("cases").as_array()) {
    const std::string id = Text(test, "id");
    if (IsDisputed(tally, id, test)) continue;
    const bool expected = Text(test, "expect") == "accept";
    const std::string token = Text(test, "token");
    // security 1.34: one verdict, with cold caches, with warm ones, and when it comes again.
    Bench cold(root);
    const authn::Verification first = cold.Verify(token);
    const authn::Verification again = warm.Verify(token);
    const authn::Verification cached = warm.Verify(token);
    const bool agree = first.ok() == expected && again.ok() == expected && cached.ok() == expected;
    const bool quiet = cold.AskedOnlyRegistered() && warm.AskedOnlyRegistered();
    const bool invalid = expected || authn::AnswerFor(first.refusal) == authn::Answer::kInvalid;
    tally.Check(agree && quiet && invalid, id,
                quiet ? "cold " + Because(first) + ", warm " + Because(again) + ", cached " +
                            Because(cached) + "; " + Text(test, "why")
                      : "an issuer that is not registered was asked");
  }
}

void RunKeySets(Tally& tally, const json::object& root) {
  for (const json::value& test : root.at("jwks_cases").as_array()) {
    const std::string id = Text(test, "id");
    if (IsDisputed(tally, id, test)) continue;
    const auto set = authn::KeySet::Parse(json::serialize(test.at("jwks")));
    const json::value& usable = test.at("usable_kids");
    if (usable.is_null() || !set.ok()) {
      tally.Check(usable.is_null() && !set.ok(), id, Text(test, "why"));
      continue;
    }
    std::set<std::string> got;
    for (const crypto::VerificationKey& key : set->keys()) got.insert(key.kid.value_or(""));
    const auto wanted = json::value_to<std::vector<std::string>>(usable);
    tally.Check(got == std::set<std::string>(wanted.begin(), wanted.end()), id, Text(test, "why"));
  }
}

std::string Replaced(std::string text, const std::string& good) {
  const std::size_t at = text.find("$GOOD");
  return at == std::string::npos ? text : text.replace(at, 5, good);
}

// The status that the way of a request answers with: the token first, then the account.
int StatusOf(Bench& bench, std::span<const net::HeaderView> headers) {
  const auto token = authn::BearerToken(headers);
  if (const Refusal* refusal = std::get_if<Refusal>(&token))
    return authn::AnswerFor(*refusal) == authn::Answer::kBadRequest ? 400 : 401;
  if (!bench.Verify(std::string(std::get<std::string_view>(token))).ok()) return 401;
  return authn::AddressedAccount(headers).present ? 200 : 400;
}

void RunHeaders(Tally& tally, const json::object& root) {
  std::string good;
  for (const json::value& test : root.at("cases").as_array())
    if (Text(test, "id") == "ok-rs256") good = Text(test, "token");
  Bench bench(root);
  for (const json::value& test : root.at("http_cases").as_array()) {
    const std::string id = Text(test, "id");
    if (IsDisputed(tally, id, test)) continue;
    std::vector<std::pair<std::string, std::string>> fields;
    bool has_account = test.as_object().contains("no_account");
    for (const json::value& header : test.at("headers").as_array()) {
      std::string name = json::value_to<std::string>(header.at(0));
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      has_account = has_account || name == "x-twisp-account-id";
      fields.emplace_back(name, Replaced(json::value_to<std::string>(header.at(1)), good));
    }
    if (!has_account) fields.emplace_back("x-twisp-account-id", "TwispProd");
    std::vector<net::HeaderView> headers;
    for (const auto& [name, value] : fields) headers.push_back({name, value});
    const int status = StatusOf(bench, headers);
    const json::value& expected = test.at("expect");
    bool ok = expected.is_number() && expected.to_number<int>() == status;
    if (expected.is_string()) {
      const std::string rule = Text(test, "expect");
      // Which tenants exist is not decided here: the token and the header are fine.
      ok = rule == "accept" || rule == "same-as-no-client" ? status == 200
                                                           : rule == "either" && status != 0;
    }
    tally.Check(ok, id, "status " + std::to_string(status) + "; " + Text(test, "why"));
  }
}

// Every JWE is a bearer token that nobody may present.
void RunJweFile(Tally& tally, const std::filesystem::path& folder, const std::string& file) {
  const json::object root = ReadJsonObject(folder / file);
  for (const json::value& group : root.at("testGroups").as_array())
    for (const json::value& test : group.at("tests").as_array()) {
      const std::string id = file + "/" + IdText(test.at("tcId"));
      if (IsDisputed(tally, id, test)) continue;
      const auto jws = authn::ParseJws(Text(test, "jwe"));
      tally.Check(std::holds_alternative<Refusal>(jws), id, "a JWE was read as a JWS");
    }
}

}  // namespace

int RunJose(const std::filesystem::path& folder) {
  base::SetLogLevel(base::LogLevel::kError);  // hostile key sets are what this is about
  Tally tally;
  int files = 0;
  const auto has = [&](const char* name) {
    const bool there = std::filesystem::exists(folder / name);
    files += there ? 1 : 0;
    return there;
  };
  const Overrides overrides = ReadOverrides(folder);
  for (const char* file : {"json_web_signature_test.json", "json_web_key_test.json"})
    if (has(file)) RunJwsFile(tally, folder, file, overrides);
  if (has("json_web_encryption_test.json"))
    RunJweFile(tally, folder, "json_web_encryption_test.json");
  if (has("jwt_cases.json")) {
    const json::object root = ReadJsonObject(folder / "jwt_cases.json");
    if (root.contains("cases")) RunTokens(tally, root);
    if (root.contains("jwks_cases")) RunKeySets(tally, root);
    if (root.contains("http_cases") && root.contains("cases")) RunHeaders(tally, root);
  }
  files += RunPrimitives(tally, folder);
  if (files > 0) return tally.Finish();
  tally.Note("the folder holds no file of this suite");
  return 2;
}

}  // namespace strongroom::tools
