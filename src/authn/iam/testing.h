// What the tests of this folder share: a good proof to change one thing of, and an STS that answers
// when it is told to.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "authn/iam/exchange.h"
#include "authn/iam/issuer.h"
#include "base/clock.h"

namespace strongroom::authn::iam {

// 2027-01-15T08:00:00Z
inline constexpr std::int64_t kTestNow = 1800000000;
inline base::Timestamp TestTime(std::int64_t after = 0) {
  return base::Timestamp(std::chrono::seconds(kTestNow + after));
}

inline constexpr const char* kTestAuthUrl = "https://auth.us-east-1.example.test/";
inline constexpr const char* kTestKey = "AKIDEXAMPLE0000000A1";
inline const std::string kTestSignature =
    "3a7ff136827935b0d708c7b1b7b693f58be1fe23c837d9d5f92a45431d190ca0";

inline StsEndpoints TestEndpoints() { return StsEndpoints::Of({"aws"}).value(); }

// The presigned URL of a good proof, with parameters changed (or left out, when "").
struct TestUrl {
  std::string start = "https://sts.us-east-1.amazonaws.com/?";
  std::vector<std::pair<std::string, std::string>> parameters = {
      {"Action", "GetCallerIdentity"},
      {"Version", "2011-06-15"},
      {"X-Amz-Algorithm", "AWS4-HMAC-SHA256"},
      {"X-Amz-Credential", "AKIDEXAMPLE0000000A1%2F20270115%2Fus-east-1%2Fsts%2Faws4_request"},
      {"X-Amz-Date", "20270115T080000Z"},
      {"X-Amz-Expires", "60"},
      {"X-Amz-SignedHeaders", "host%3Bx-twisp-aws-id"},
      {"X-Amz-Signature", kTestSignature}};

  TestUrl& Set(const std::string& name, const std::string& value) {
    for (auto& [known, old] : parameters)
      if (known == name) old = value;
    return *this;
  }
  std::string Text() const {
    std::string text = start;
    for (const auto& [name, value] : parameters)
      if (!value.empty()) text += (text.ends_with('?') ? "" : "&") + name + "=" + value;
    return text;
  }
};

// A good proof for each number.
inline std::string NumberedUrl(int number) {
  return TestUrl().Set("X-Amz-Signature", fmt::format("{:064x}", number)).Text();
}

inline std::string AnswerText(const std::string& arn, const std::string& user_id,
                              const std::string& account = "012345678901") {
  return R"({"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":")" + account +
         R"(","Arn":")" + arn + R"(","UserId":")" + user_id +
         R"("},"ResponseMetadata":{"RequestId":"01234567-89ab-cdef-0123-456789abcdef"}}})";
}
inline net::FetchResponse JsonAnswer(std::string body, int status = 200) {
  return {status, {{"content-type", "application/json"}}, std::move(body)};
}
inline net::FetchResponse RoleAnswer() {
  return JsonAnswer(AnswerText("arn:aws:sts::012345678901:assumed-role/example-role/session-1",
                               "AROAEXAMPLE:session-1"));
}

// Keeps what it is asked until Answer() is called.
class TestSts : public net::HttpFetcher {
 public:
  void Fetch(net::FetchRequest request, net::FetchDone done) override {
    asked.push_back(std::move(request));
    waiting.push_back(std::move(done));
  }
  void Answer(const base::Result<net::FetchResponse>& answer) {
    ASSERT_FALSE(waiting.empty());
    const net::FetchDone done = std::move(waiting.front());
    waiting.pop_front();
    done(answer);
  }
  std::vector<net::FetchRequest> asked;
  std::deque<net::FetchDone> waiting;
};

// Keys in memory; `fails` makes every change fail.
class TestKeys : public KeyStorage {
 public:
  base::Result<std::vector<StoredKey>> Load() override {
    std::vector<StoredKey> loaded;
    for (const auto& [id, key] : keys)
      loaded.push_back({key.id, key.algorithm, key.signs_from, key.pkcs8.Clone()});
    return loaded;
  }
  base::Status Change(const std::vector<StoredKey>& added,
                      const std::vector<std::string>& removed_ids) override {
    if (fails) return base::MakeError(base::ErrorCode::kUnavailable, "the disk is full");
    for (const StoredKey& key : added)
      keys[key.id] = {key.id, key.algorithm, key.signs_from, key.pkcs8.Clone()};
    for (const std::string& id : removed_ids) keys.erase(id);
    return {};
  }
  std::map<std::string, StoredKey> keys;
  bool fails = false;
};

// The name of a refusal; "" for a value.
template <typename T>
std::string NameOf(const OrRefusal<T>& result) {
  const Refusal* refusal = std::get_if<Refusal>(&result);
  return refusal == nullptr ? std::string() : std::string(RefusalName(*refusal));
}

}  // namespace strongroom::authn::iam
