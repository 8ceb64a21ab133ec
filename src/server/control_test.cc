#include "server/control.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstring>

#include "storage/testing.h"

namespace strongroom::server {
namespace {

namespace json = boost::json;
using base::ErrorCode;

std::unique_ptr<Control> Echo(const std::string& directory) {
  return Control::Start(directory,
                        [](const json::object& command) -> base::Result<json::object> {
                          if (command.contains("fail"))
                            return base::MakeError(ErrorCode::kNotFound, "not there", "look again");
                          return json::object{{"heard", command}};
                        })
      .value();
}

TEST(Control, AnswersCommandsOneAfterAnother) {
  const storage::TemporaryDirectory directory;
  const auto control = Echo(directory.path());
  for (int i = 0; i < 3; ++i) {
    const auto answer = AskControl(directory.path(), {{"number", i}});
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(answer->value().at("heard").at("number"), i);
  }
}

TEST(Control, ErrorsComeBackAsErrors) {
  const storage::TemporaryDirectory directory;
  const auto control = Echo(directory.path());
  const auto answer = AskControl(directory.path(), {{"fail", true}});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(answer.error().message, "not there");
  EXPECT_EQ(answer.error().hint, "look again");
}

TEST(Control, NobodyIsThereBeforeAndAfter) {
  const storage::TemporaryDirectory directory;
  EXPECT_FALSE(AskControl(directory.path(), {}).value().has_value());
  {
    const auto control = Echo(directory.path());
    struct stat about {};
    ASSERT_EQ(lstat((directory.path() + "/CONTROL").c_str(), &about), 0);
    EXPECT_TRUE(S_ISSOCK(about.st_mode));
  }
  EXPECT_FALSE(AskControl(directory.path(), {}).value().has_value());
  EXPECT_NE(access((directory.path() + "/CONTROL").c_str(), F_OK), 0);
}

TEST(Control, TakesOverFromAServerThatWasKilled) {
  const storage::TemporaryDirectory directory;
  const int left = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, (directory.path() + "/CONTROL").c_str());
  ASSERT_EQ(bind(left, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  close(left);
  EXPECT_FALSE(AskControl(directory.path(), {}).value().has_value());
  const auto control = Echo(directory.path());
  EXPECT_TRUE(AskControl(directory.path(), {}).value().has_value());
}

TEST(Control, WorksWherePathsAreLongerThanSocketsAllow) {
  const storage::TemporaryDirectory directory;
  const std::string deep = directory.path() + "/" + std::string(150, 'd');
  ASSERT_EQ(mkdir(deep.c_str(), 0700), 0);
  const auto control = Echo(deep);
  EXPECT_TRUE(AskControl(deep, {}).value().has_value());
}

TEST(Control, WhatIsNoCommandIsRefused) {
  const storage::TemporaryDirectory directory;
  const auto control = Echo(directory.path());
  for (const std::string text : {"no json\n", "[1]\n", "\n"}) {
    const int client = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, (directory.path() + "/CONTROL").c_str());
    ASSERT_EQ(connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(send(client, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    char answer[1024] = {};
    EXPECT_GT(recv(client, answer, sizeof answer - 1, 0), 0);
    EXPECT_NE(std::string(answer).find("BAD_REQUEST"), std::string::npos) << answer;
    close(client);
  }
  EXPECT_TRUE(AskControl(directory.path(), {}).value().has_value()) << "it goes on";
}

}  // namespace
}  // namespace strongroom::server
