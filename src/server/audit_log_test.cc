#include "server/audit_log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

namespace strongroom::server {
namespace {

class AuditLogTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = (std::filesystem::temp_directory_path() /
             ("strongroom-audit-" + std::to_string(::getpid()) + ".log"))
                .string();
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }
  std::vector<boost::json::object> Lines() const {
    std::vector<boost::json::object> lines;
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);) {
      lines.push_back(boost::json::parse(line).as_object());
    }
    return lines;
  }

  std::string path_;
  base::ManualClock clock_{base::Timestamp(std::chrono::seconds(1700000000))};
};

TEST_F(AuditLogTest, WritesALineForEachRecord) {
  auto log = AuditLog::Open(path_, clock_).value();
  AuditRecord record;
  record.request_id = "r1";
  record.principal = "https://issuer.example\nforged";
  record.status = 200;
  record.codes = {base::ErrorCode::kAccessDenied};
  log->Write(record);
  record.request_id = "r2";
  log->Write(record);
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].at("request_id"), "r1");
  EXPECT_EQ(lines[0].at("time"), "2023-11-14T22:13:20.000000Z");
  EXPECT_EQ(lines[0].at("principal"), "https://issuer.example\nforged");
  EXPECT_EQ(lines[0].at("codes").as_array().at(0), "ACCESS_DENIED");
  EXPECT_FALSE(lines[0].contains("refusal"));
  EXPECT_TRUE(log->Healthy());
}

TEST_F(AuditLogTest, ALineIsJsonWhateverACallerSends) {
  auto log = AuditLog::Open(path_, clock_).value();
  AuditRecord record;
  record.account_id = "a\xff\xfe";
  record.issuer = std::string("https://\xc3\xa9").substr(0, 9);  // cut within a character
  record.client = "Zo\xc3\xab";
  log->Write(record);
  const auto lines = Lines();  // fails when a line is not UTF-8
  EXPECT_EQ(lines.at(0).at("account_id"), "a??");
  EXPECT_EQ(lines.at(0).at("issuer"), "https://?");
  EXPECT_EQ(lines.at(0).at("client"), "Zo\xc3\xab");
}

TEST_F(AuditLogTest, AppendsToAFileThatOnlyItsOwnerMayRead) {
  AuditLog::Open(path_, clock_).value()->Write({});
  AuditLog::Open(path_, clock_).value()->Write({});
  EXPECT_EQ(Lines().size(), 2U);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(AuditLogTest, SaysSoForGoodWhenALineIsLost) {
  auto log = AuditLog::Open("/dev/full", clock_).value();
  EXPECT_TRUE(log->Healthy());
  log->Write({});
  EXPECT_FALSE(log->Healthy());
}

TEST_F(AuditLogTest, RefusesAPathThatCantBeOpened) {
  const auto log = AuditLog::Open("/nowhere/at/all", clock_);
  ASSERT_FALSE(log.ok());
  EXPECT_FALSE(log.error().hint.empty());
}

}  // namespace
}  // namespace strongroom::server
