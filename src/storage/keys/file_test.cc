// security 7.2, 7.6, 7.16
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/encoding.h"
#include "storage/testing.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;

class FileKeyProviderTest : public testing::Test {
 protected:
  std::string Path(const std::string& name = "root.key") { return directory_.path() + "/" + name; }
  void Write(const std::string& content, mode_t mode = 0600) {
    std::ofstream(Path(), std::ios::binary) << content;
    ASSERT_EQ(chmod(Path().c_str(), mode), 0);
  }
  // "ok", or the message.
  std::string Open(const std::string& name = "root.key") {
    const auto opened = OpenFileKeyProvider(Path(name), base::SystemRandom());
    if (opened.ok()) return "ok";
    EXPECT_EQ(opened.error().code, ErrorCode::kDependencyError);
    EXPECT_EQ(opened.error().message.find('/'), std::string::npos);
    EXPECT_FALSE(opened.error().hint.empty());
    return opened.error().message;
  }
  static KeyContext Context(std::uint8_t space = 1, std::string_view purpose = "space") {
    return {TestSpace(9).id, TestSpace(space).id, purpose};
  }

  TemporaryDirectory directory_;
};

TEST_F(FileKeyProviderTest, MakesAFileForItsOwnerThatIsNeverOverwritten) {
  ASSERT_TRUE(CreateRootKeyFile(Path(), base::SystemRandom()).ok());
  struct stat about {};
  ASSERT_EQ(stat(Path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600U);
  EXPECT_EQ(about.st_size, 32);
  const auto again = CreateRootKeyFile(Path(), base::SystemRandom());
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(Open(), "ok");
}

TEST_F(FileKeyProviderTest, RefusesFilesThatAreNoRootKeys) {
  EXPECT_EQ(Open(), "the root key file is missing");
  Write(std::string(31, 'k'));
  EXPECT_EQ(Open(), "the root key file has not 32 bytes");
  Write(std::string(33, 'k'));
  EXPECT_EQ(Open(), "the root key file has not 32 bytes");
  Write(std::string(4000, 'k'));
  EXPECT_EQ(Open(), "the root key file is too large");
  Write(std::string(32, '\0'));
  EXPECT_EQ(Open(), "the root key file holds nothing but zeros");
  Write(std::string(32, 'k'));
  EXPECT_EQ(Open(), "ok");
  for (const mode_t mode : {0640, 0604, 0644, 0660, 0666}) {
    Write(std::string(32, 'k'), mode);
    EXPECT_EQ(Open(), "the root key file is accessible to others than its owner") << mode;
  }
}

TEST_F(FileKeyProviderTest, RefusesWhatIsNoRegularFile) {
  Write(std::string(32, 'k'));
  ASSERT_EQ(symlink(Path().c_str(), Path("link").c_str()), 0);
  EXPECT_EQ(Open("link"), "the root key file can't be opened");
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(Open("pipe"), "the root key file is not a regular file");
  ASSERT_EQ(mkdir(Path("folder").c_str(), 0700), 0);
  EXPECT_EQ(Open("folder"), "the root key file is not a regular file");
}

TEST_F(FileKeyProviderTest, UnwrapsWhatItWrapped) {
  const auto keys = TestKeys(Path());
  const base::SecretBytes key(std::string(32, 'd'));
  const std::string wrapped = keys->Wrap(key, Context()).value();
  EXPECT_EQ(wrapped.find("dddd"), std::string::npos);
  EXPECT_NE(keys->Wrap(key, Context()).value(), wrapped) << "a fresh salt and nonce each time";
  const auto unwrapped = TestKeys(Path())->Unwrap(wrapped, Context());
  ASSERT_TRUE(unwrapped.ok());
  EXPECT_EQ(base::AsChars(unwrapped->Expose()), std::string(32, 'd'));
}

TEST_F(FileKeyProviderTest, RefusesAnotherRootKeyContextOrByte) {
  const auto keys = TestKeys(Path());
  const std::string wrapped =
      keys->Wrap(base::SecretBytes(std::string(32, 'd')), Context()).value();
  EXPECT_FALSE(TestKeys(Path("other"))->Unwrap(wrapped, Context()).ok());
  EXPECT_FALSE(keys->Unwrap(wrapped, Context(2)).ok());
  EXPECT_FALSE(keys->Unwrap(wrapped, Context(1, "files")).ok());
  EXPECT_FALSE(keys->Unwrap(wrapped, {TestSpace(8).id, TestSpace(1).id, "space"}).ok());
  for (std::size_t i = 0; i < wrapped.size(); ++i) {
    std::string changed = wrapped;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_FALSE(keys->Unwrap(changed, Context()).ok()) << i;
    EXPECT_FALSE(keys->Unwrap(wrapped.substr(0, i), Context()).ok()) << i;
  }
}

TEST_F(FileKeyProviderTest, ItsIdNamesTheKeyWithoutRevealingIt) {
  const auto keys = TestKeys(Path());
  EXPECT_EQ(keys->Id(), TestKeys(Path())->Id());
  EXPECT_NE(keys->Id(), TestKeys(Path("other"))->Id());
  EXPECT_TRUE(keys->Id().starts_with("file:"));
}

TEST_F(FileKeyProviderTest, ASealedKeyNeedsItsPassphrase) {
  const auto passphrase = [&](const std::string& text, mode_t mode = 0600) {
    std::ofstream(Path("words")) << text;
    EXPECT_EQ(chmod(Path("words").c_str(), mode), 0);
    return RootKeyFile{Path(), Path("words")};
  };
  const auto message = [](const RootKeyFile& file) {
    const auto opened = OpenFileKeyProvider(file, base::SystemRandom());
    return opened.ok() ? std::string("ok") : opened.error().message;
  };
  const auto refused = CreateRootKeyFile(passphrase("too short\n"), base::SystemRandom());
  EXPECT_EQ(refused.error().message, "the passphrase is too short");
  ASSERT_TRUE(CreateRootKeyFile(passphrase("six random words\n"), base::SystemRandom()).ok());
  // Newlines at its end don't count.
  const auto keys = OpenFileKeyProvider(passphrase("six random words"), base::SystemRandom());
  ASSERT_TRUE(keys.ok()) << keys.error().message;
  const std::string wrapped =
      (*keys)->Wrap(base::SecretBytes(std::string(32, 'd')), Context()).value();
  EXPECT_TRUE((*keys)->Unwrap(wrapped, Context()).ok());
  EXPECT_EQ(message(passphrase("six random word")),
            "the root key file can't be opened with this passphrase");
  EXPECT_EQ(Open(), "the root key file is sealed under a passphrase");
  EXPECT_EQ(message(passphrase("six random words", 0640)),
            "the passphrase file of the root key is accessible to others than its owner");
  EXPECT_EQ(message(passphrase("\n")), "the passphrase file of the root key is empty");
  struct stat about {};
  ASSERT_EQ(stat(Path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600U);
}

TEST_F(FileKeyProviderTest, AChangedSealedKeyIsRefused) {
  std::ofstream(Path("words")) << "six random words";
  ASSERT_EQ(chmod(Path("words").c_str(), 0600), 0);
  const RootKeyFile file{Path(), Path("words")};
  ASSERT_TRUE(CreateRootKeyFile(file, base::SystemRandom()).ok());
  std::ifstream in(Path(), std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  // Format, cost, salt, nonce, key, tag: one byte of each.
  for (const std::size_t at : std::vector<std::size_t>{8, 9, 10, 11, 20, good.size() - 1}) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 0x40);
    Write(changed);
    EXPECT_FALSE(OpenFileKeyProvider(file, base::SystemRandom()).ok()) << at;
  }
  Write(std::string(32, 'k'));
  EXPECT_FALSE(OpenFileKeyProvider(file, base::SystemRandom()).ok())
      << "a plain key where a sealed one is expected";
}

}  // namespace
}  // namespace strongroom::storage
