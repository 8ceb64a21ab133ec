#include "server/audit_log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

namespace strongroom::server {
namespace {

// Generous: the machine may be busy.
constexpr std::chrono::seconds kLong{60};

template <typename Condition>
bool Eventually(const Condition& condition) {
  const auto until = std::chrono::steady_clock::now() + kLong;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

class AuditLogTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = (std::filesystem::temp_directory_path() /
             ("strongroom-audit-" + std::to_string(::getpid()) + ".log"))
                .string();
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }
  // What was written, once nothing waits.
  std::vector<boost::json::object> Lines(AuditLog& log) const {
    EXPECT_TRUE(log.Flush(kLong));
    return Lines();
  }
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
  const auto lines = Lines(*log);
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
  const auto lines = Lines(*log);  // fails when a line is not UTF-8
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

TEST_F(AuditLogTest, SaysSoWhileLinesCantBeWritten) {
  auto log = AuditLog::Open("/dev/full", clock_).value();
  EXPECT_TRUE(log->Healthy());
  log->Write({});
  EXPECT_TRUE(Eventually([&] { return !log->Healthy(); }));
}

// A disk that is full and gets room again: nothing is lost in between.
TEST_F(AuditLogTest, RecoversWhenItCanWriteAgain) {
  ::signal(SIGXFSZ, SIG_IGN);
  auto log = AuditLog::Open(path_, clock_).value();
  AuditRecord record;
  record.request_id = "before";
  log->Write(record);
  ASSERT_EQ(Lines(*log).size(), 1U);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  // Room for half a line.
  const rlimit tight{std::filesystem::file_size(path_) + 20, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  record.request_id = "meanwhile";
  log->Write(record);
  log->Write(record);
  const bool closed = Eventually([&] { return !log->Healthy(); });
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  EXPECT_TRUE(closed);
  EXPECT_TRUE(Eventually([&] { return log->Healthy(); }));
  const auto lines = Lines(*log);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[2].at("request_id"), "meanwhile");
}

TEST_F(AuditLogTest, TellsHowManyLinesWereLost) {
  auto log = AuditLog::Open("/dev/full", clock_).value();
  AuditRecord record;
  record.operation = std::string(std::size_t{1} << 20, 'x');
  for (int i = 0; i < 40; ++i) log->Write(record);
  EXPECT_GE(log->GetStats().lost, 10U);
  EXPECT_FALSE(log->Healthy());
}

TEST_F(AuditLogTest, AFileThatWasMovedAwayIsMadeAnew) {
  auto log = AuditLog::Open(path_, clock_).value();
  log->Write({});
  ASSERT_EQ(Lines(*log).size(), 1U);
  std::filesystem::rename(path_, path_ + ".1");
  log->WriteCheckpoint("a.b.c");
  const auto lines = Lines(*log);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].at("checkpoint"), "a.b.c");
  std::filesystem::remove(path_ + ".1");
}

TEST_F(AuditLogTest, AReaderThatDoesNotReadHoldsUpNobody) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  const int reader = ::open(path_.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  {
    auto log = AuditLog::Open(path_, clock_).value();
    AuditRecord record;
    record.operation = std::string(std::size_t{1} << 20, 'x');
    for (int i = 0; i < 4; ++i) log->Write(record);
    EXPECT_TRUE(Eventually([&] { return !log->Healthy(); }));
  }
  ::close(reader);
}

TEST_F(AuditLogTest, RefusesAPathThatCantBeOpened) {
  const auto log = AuditLog::Open("/nowhere/at/all", clock_);
  ASSERT_FALSE(log.ok());
  EXPECT_FALSE(log.error().hint.empty());
}

}  // namespace
}  // namespace strongroom::server
