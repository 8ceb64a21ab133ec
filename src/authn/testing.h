// What the tests of this folder share: an issuer whose network stands still until it is moved.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "authn/dev_issuer.h"
#include "authn/discovery.h"
#include "base/clock.h"
#include "base/random.h"
#include "net/fetch.h"

namespace strongroom::authn {

// 2025-06-01T00:00:00Z
inline constexpr std::int64_t kTestNow = 1748736000;
inline base::Timestamp TestTime(std::int64_t after = 0) {
  return base::Timestamp(std::chrono::seconds(kTestNow + after));
}

// Answers what it was told to serve, one fetch at a time, when Step() is called.
class FakeFetcher : public net::HttpFetcher {
 public:
  struct Document {
    int status = 200;
    std::string body;
    std::string cache_control;
  };

  void Serve(const std::string& url, Document document) { documents_[url] = std::move(document); }
  void Serve(const DevIssuer& issuer, const std::string& cache_control = "") {
    Serve(DiscoveryUrl(issuer.issuer()), {200, issuer.DiscoveryJson(), ""});
    Serve(issuer.jwks_url(), {200, issuer.JwksJson(), cache_control});
  }
  // Every fetch fails as if the issuer were down.
  void SetDown(bool down) { down_ = down; }

  void Fetch(net::FetchRequest request, net::FetchDone done) override {
    asked_.push_back(request.url);
    pending_.push_back({std::move(request), std::move(done)});
  }
  // Answers the oldest fetch; false when there is none.
  bool Step() {
    if (pending_.empty()) return false;
    auto [request, done] = std::move(pending_.front());
    pending_.pop_front();
    const auto at = documents_.find(request.url);
    if (down_) {
      done(base::MakeError(base::ErrorCode::kUnavailable, "the issuer doesn't answer"));
    } else if (at == documents_.end()) {
      done(net::FetchResponse{404, {}, ""});
    } else {
      net::FetchResponse response{at->second.status, {}, at->second.body};
      if (!at->second.cache_control.empty())
        response.headers.push_back({"cache-control", at->second.cache_control});
      done(std::move(response));
    }
    return true;
  }
  void Run() {
    while (Step()) {
    }
  }
  const std::vector<std::string>& asked() const { return asked_; }
  std::size_t AskedFor(const std::string& url) const {
    return static_cast<std::size_t>(std::ranges::count(asked_, url));
  }
  std::size_t pending() const { return pending_.size(); }
  const net::FetchRequest& next() const { return pending_.front().first; }

 private:
  std::map<std::string, Document> documents_;
  std::deque<std::pair<net::FetchRequest, net::FetchDone>> pending_;
  std::vector<std::string> asked_;
  bool down_ = false;
};

inline DevIssuer MakeIssuer(const std::string& url) { return DevIssuer::Create(url).value(); }

}  // namespace strongroom::authn
