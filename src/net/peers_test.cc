// The server against other people's programs: curl, h2load and openssl. Each is left out where it
// is not installed.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "net/testing.h"

namespace strongroom::net {
namespace {

std::string Shell(const std::string& command) {
  FILE* pipe = popen(("timeout 20 " + command + " 2>&1 </dev/null").c_str(), "r");
  std::string output;
  char buffer[4096];
  while (const std::size_t count = fread(buffer, 1, sizeof buffer, pipe))
    output.append(buffer, count);
  pclose(pipe);
  return output;
}

class Peers : public testing::Test {
 protected:
  Peers() {
    char name[] = "/tmp/net_peers_XXXXXX";
    ::close(mkstemp(name));
    ca_file_ = name;
    std::ofstream(ca_file_) << TestAuthority().certificate_pem;
  }
  ~Peers() override { unlink(ca_file_.c_str()); }

  static bool Has(const char* program) {
    return std::system(("command -v " + std::string(program) + " >/dev/null").c_str()) == 0;
  }
  std::string Curl(const std::string& arguments) const {
    return Shell("curl -s --cacert " + ca_file_ + " " + arguments + " " + Url());
  }
  std::string Url() const { return "https://localhost:" + std::to_string(server_.port()) + "/x"; }

  std::string ca_file_;
  TestServer server_{{}, Echo, TestTls(), 2};
};

TEST_F(Peers, CurlSpeaksBothProtocols) {
  if (!Has("curl")) GTEST_SKIP();
  const std::string report = "-w '|%{http_version} %{http_code} %{num_connects}'";
  EXPECT_EQ(Curl("--http1.1 " + report), "GET /x|1.1 200 1");
  EXPECT_EQ(Curl("--http2 " + report), "GET /x|2 200 1");
  for (const char* version : {"--http1.1 ", "--http2 "}) {
    EXPECT_EQ(Curl(version + std::string("-d hello")), "hello");
    EXPECT_EQ(Curl(version + std::string("-H 'transfer-encoding: chunked' -d hello")), "hello");
    EXPECT_EQ(Curl(version + std::string("-I -o /dev/null -w '%{http_code}'")), "200");
  }
}

TEST_F(Peers, CurlIsToldOfEveryLimit) {
  if (!Has("curl")) GTEST_SKIP();
  const std::string big = ca_file_ + ".big";
  std::ofstream(big) << std::string(2 << 20, 'x');
  for (const std::string version : {"--http1.1", "--http2"}) {
    const auto status = [&](const std::string& arguments) {
      return Curl(version + " -o /dev/null -w '%{http_code}' " + arguments);
    };
    EXPECT_EQ(status("--data-binary @" + big), "413") << version;
    EXPECT_EQ(status("-H 'expect:' --data-binary @" + big), "413") << version;
    EXPECT_EQ(status("-H 'x: " + std::string(33 << 10, 'a') + "'"), "431") << version;
    EXPECT_EQ(status("-G -d '" + std::string(8300, 'a') + "'"), "414") << version;
  }
  unlink(big.c_str());
}

TEST_F(Peers, H2loadFindsNoFailure) {
  if (!Has("h2load")) GTEST_SKIP();
  for (const char* how : {"-n 20000 -c 16 -m 10", "-n 5000 -c 8 --h1", "-n 200 -c 100 -m 1"}) {
    const std::string report = Shell("h2load " + std::string(how) + " " + Url());
    EXPECT_NE(report.find(" 0 failed, 0 errored, 0 timeout"), report.npos) << report;
  }
  EXPECT_TRUE(server_.Await([](const ServerMetrics& m) { return m.connections_open == 0; }));
  EXPECT_EQ(server_->Metrics().requests, 25200u);
  EXPECT_EQ(server_->Metrics().http2_abuse, 0u);
}

TEST_F(Peers, OpensslVerifiesTheServerAndFindsNoOldVersion) {
  if (!Has("openssl")) GTEST_SKIP();
  const std::string client =
      "openssl s_client -connect localhost:" + std::to_string(server_.port()) + " -CAfile " +
      ca_file_ + " -verify_hostname localhost -verify_return_error ";
  const std::string good = Shell(client);
  EXPECT_NE(good.find("Verify return code: 0 (ok)"), good.npos) << good;
  EXPECT_NE(good.find("Compression: NONE"), good.npos);
  EXPECT_NE(Shell(client + "-tls1_2").find("Secure Renegotiation IS supported"), std::string::npos);
  for (const char* old : {"-tls1", "-tls1_1"})
    EXPECT_NE(Shell(client + old + " -cipher ALL:@SECLEVEL=0").find("Cipher is (NONE)"),
              std::string::npos);
}

}  // namespace
}  // namespace strongroom::net
