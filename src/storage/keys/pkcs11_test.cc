// A real module: SoftHSM2, with a token directory of its own (security 7.2).
#include "storage/keys/pkcs11.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>

#include "base/encoding.h"
#include "storage/keys/pkcs11_module.h"
#include "storage/testing.h"

extern char** environ;

namespace strongroom::storage {
namespace {

using base::ErrorCode;

constexpr const char* kModule = "/usr/lib/softhsm/libsofthsm2.so";

void RunProgram(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  ASSERT_EQ(posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ), 0);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
}

// One token for all tests of the process: the module reads its configuration once.
class Pkcs11Test : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new TemporaryDirectory;
    ASSERT_EQ(mkdir((directory_->path() + "/tokens").c_str(), 0700), 0);
    std::ofstream(Path("softhsm.conf")) << "directories.tokendir = " << directory_->path()
                                        << "/tokens\nobjectstore.backend = file\n";
    setenv("SOFTHSM2_CONF", Path("softhsm.conf").c_str(), 1);
    RunProgram({"softhsm2-util", "--init-token", "--free", "--label", "strongroom", "--pin", "1234",
                "--so-pin", "5678"});
    WritePin("pin", "1234\n");
    ASSERT_TRUE(CreatePkcs11Key(Options()).ok());
  }
  static void TearDownTestSuite() {
    delete directory_;
    directory_ = nullptr;
  }
  static std::string Path(const std::string& name) { return directory_->path() + "/" + name; }
  static void WritePin(const std::string& name, const std::string& content, mode_t mode = 0600) {
    std::ofstream(Path(name)) << content;
    ASSERT_EQ(chmod(Path(name).c_str(), mode), 0);
  }
  static Pkcs11Options Options() { return {kModule, "strongroom", "root", Path("pin")}; }
  static KeyContext Context(std::uint8_t space = 1) {
    return {TestSpace(9).id, TestSpace(space).id, "space"};
  }
  static base::Error Refusal(const Pkcs11Options& options) {
    auto opened = OpenPkcs11KeyProvider(options, base::SystemRandom());
    EXPECT_FALSE(opened.ok());
    return opened.ok() ? base::Error() : std::move(opened).error();
  }

  inline static TemporaryDirectory* directory_ = nullptr;
};

TEST_F(Pkcs11Test, UnwrapsWhatItWrappedAndNothingElse) {
  const auto keys = OpenPkcs11KeyProvider(Options(), base::SystemRandom()).value();
  EXPECT_EQ(keys->Id(), "pkcs11:strongroom/root");
  const std::string wrapped =
      keys->Wrap(base::SecretBytes(std::string(32, 'd')), Context()).value();
  EXPECT_EQ(wrapped.find("dddd"), std::string::npos);
  const auto again = OpenPkcs11KeyProvider(Options(), base::SystemRandom()).value();
  EXPECT_EQ(base::AsChars(again->Unwrap(wrapped, Context())->Expose()), std::string(32, 'd'));
  EXPECT_EQ(keys->Unwrap(wrapped, Context(2)).error().code, ErrorCode::kDependencyError);
  for (std::size_t i = 0; i < wrapped.size(); ++i) {
    std::string changed = wrapped;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    ASSERT_FALSE(keys->Unwrap(changed, Context()).ok()) << i;
  }
  EXPECT_FALSE(keys->Unwrap(wrapped.substr(1), Context()).ok());
}

TEST_F(Pkcs11Test, AKeyIsMadeOnceAndIsNotExtractable) {
  EXPECT_EQ(CreatePkcs11Key(Options()).error().code, ErrorCode::kAlreadyExists);
  const auto session =
      Pkcs11Session::Open(kModule, "strongroom", base::SecretBytes("1234"), false).value();
  const auto found = session->Find("root").value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(session->CheckKey(found[0]).ok());
}

// Made with the module's own functions: our code makes no such key.
void MakeExtractableKey(const std::string& label, CK_ULONG size, CK_BBOOL extractable) {
  void* const library = dlopen(kModule, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr);
  CK_FUNCTION_LIST* module = nullptr;
  ASSERT_EQ(reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"))(&module),
            CKR_OK);
  CK_SLOT_ID slots[8] = {};  // the first one is ours, another one is free
  CK_ULONG count = 8;
  ASSERT_EQ(module->C_GetSlotList(CK_TRUE, slots, &count), CKR_OK);
  CK_SESSION_HANDLE session = 0;
  ASSERT_EQ(module->C_OpenSession(slots[0], CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                  &session),
            CKR_OK);
  CK_BYTE pin[] = {'1', '2', '3', '4'};
  const CK_RV in = module->C_Login(session, CKU_USER, pin, sizeof pin);
  ASSERT_TRUE(in == CKR_OK || in == CKR_USER_ALREADY_LOGGED_IN);
  CK_BBOOL yes = CK_TRUE;
  std::string name = label;
  std::vector<CK_ATTRIBUTE> wanted{{CKA_VALUE_LEN, &size, sizeof size},
                                   {CKA_LABEL, name.data(), name.size()},
                                   {CKA_TOKEN, &yes, sizeof yes},
                                   {CKA_SENSITIVE, &yes, sizeof yes},
                                   {CKA_EXTRACTABLE, &extractable, sizeof extractable},
                                   {CKA_ENCRYPT, &yes, sizeof yes},
                                   {CKA_DECRYPT, &yes, sizeof yes}};
  CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
  CK_OBJECT_HANDLE key = 0;
  ASSERT_EQ(module->C_GenerateKey(session, &mechanism, wanted.data(), wanted.size(), &key), CKR_OK);
  module->C_CloseSession(session);
}

TEST_F(Pkcs11Test, AKeyThatCouldBeExtractedOrIsShortIsRefused) {
  const auto keys =
      OpenPkcs11KeyProvider(Options(), base::SystemRandom());  // the module is started
  MakeExtractableKey("loose", 32, CK_TRUE);
  MakeExtractableKey("short", 16, CK_FALSE);
  for (const char* label : {"loose", "short"}) {
    Pkcs11Options options = Options();
    options.key = label;
    EXPECT_THAT(Refusal(options).message, testing::HasSubstr("can't be extracted")) << label;
  }
}

TEST_F(Pkcs11Test, SaysWhatIsMissing) {
  Pkcs11Options options = Options();
  options.key = "other";
  EXPECT_THAT(Refusal(options).message, testing::HasSubstr("no key `other`"));
  options = Options();
  options.token = "other";
  EXPECT_THAT(Refusal(options).message, testing::HasSubstr("no token `other`"));
  options = Options();
  options.module = "/nowhere.so";
  EXPECT_THAT(Refusal(options).message, testing::HasSubstr("can't be loaded"));
  options = Options();
  WritePin("wrong", "9999");
  options.pin_path = Path("wrong");
  EXPECT_THAT(Refusal(options).message, testing::HasSubstr("refused the PIN"));
}

TEST_F(Pkcs11Test, RefusesAPinThatOthersCanRead) {
  for (const mode_t mode : {0640, 0604, 0660}) {
    WritePin("open", "1234", mode);
    Pkcs11Options options = Options();
    options.pin_path = Path("open");
    EXPECT_THAT(Refusal(options).message, testing::HasSubstr("accessible to others")) << mode;
  }
}

TEST_F(Pkcs11Test, AStoreIsMadeAndOpenedUnderIt) {
  TemporaryDirectory data;
  const auto options = [&] {
    RocksDbOptions made;
    made.directory = data.path() + "/data";
    made.key_provider = std::shared_ptr<KeyProvider>(
        OpenPkcs11KeyProvider(Options(), base::SystemRandom()).value());
    made.cache_bytes = std::size_t{8} << 20;
    return made;
  };
  {
    const auto store = OpenStore(options());
    ASSERT_TRUE(MakeSpace(*store, TestSpace(1)).ok());
    ASSERT_TRUE(PutNow(*store, TestSpace(1), "a", "1").ok());
  }
  const auto store = OpenStore(options());
  EXPECT_EQ(GetText(*store->Read().value(), TestSpace(1), "a"), "1");
}

}  // namespace
}  // namespace strongroom::storage
