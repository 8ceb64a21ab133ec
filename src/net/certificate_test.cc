#include "net/certificate.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "net/openssl_handle.h"
#include "net/testing.h"

namespace strongroom::net {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "net_test_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

// X509_V_OK, or why `leaf` is no certificate of a TLS server for `host`.
int Verify(const std::string& leaf_pem, const std::string& authority_pem, const char* host) {
  const X509Handle leaf = ReadCertificate(leaf_pem);
  const X509Handle authority = ReadCertificate(authority_pem);
  const std::unique_ptr<X509_STORE, Freer<X509_STORE_free>> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), authority.get());
  const std::unique_ptr<X509_STORE_CTX, Freer<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  if (X509_VERIFY_PARAM_set1_ip_asc(param, host) != 1) X509_VERIFY_PARAM_set1_host(param, host, 0);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

TEST(Certificate, OfAServerIsGoodForItsNamesAlone) {
  const auto pair = MakeServerCertificate(TestAuthority(), {"localhost", "127.0.0.1", "::1"},
                                          std::chrono::hours(1), base::SystemClock());
  ASSERT_TRUE(pair.ok());
  const std::string& authority = TestAuthority().certificate_pem;
  for (const char* name : {"localhost", "127.0.0.1", "::1"})
    EXPECT_EQ(Verify(pair->certificate_pem, authority, name), X509_V_OK) << name;
  EXPECT_EQ(Verify(pair->certificate_pem, authority, "example.com"), X509_V_ERR_HOSTNAME_MISMATCH);
  EXPECT_EQ(Verify(pair->certificate_pem, authority, "127.0.0.2"), X509_V_ERR_IP_ADDRESS_MISMATCH);
}

TEST(Certificate, OfAnotherAuthorityIsNotTrusted) {
  const auto other = MakeAuthority("other", std::chrono::hours(1), base::SystemClock());
  const auto pair =
      MakeServerCertificate(*other, {"localhost"}, std::chrono::hours(1), base::SystemClock());
  EXPECT_NE(Verify(pair->certificate_pem, TestAuthority().certificate_pem, "localhost"), X509_V_OK);
}

TEST(Certificate, NamesAreTakenLiterally) {
  const auto pair = MakeServerCertificate(TestAuthority(), {"a.example,DNS:evil.example"},
                                          std::chrono::hours(1), base::SystemClock());
  ASSERT_TRUE(pair.ok());
  EXPECT_NE(Verify(pair->certificate_pem, TestAuthority().certificate_pem, "evil.example"),
            X509_V_OK);
}

TEST(Certificate, EndsWhenItsLifetimeDoes) {
  const base::ManualClock clock{base::Timestamp(std::chrono::seconds(1'800'000'000))};
  const auto authority = MakeAuthority("clocked", std::chrono::hours(48), clock);
  EXPECT_EQ(CertificateExpiry(authority->certificate_pem).value(),
            clock.Now() + std::chrono::hours(48));
  EXPECT_FALSE(CertificateExpiry("nonsense").ok());
  const auto pair = MakeServerCertificate(*authority, {"x"}, std::chrono::hours(1), clock);
  EXPECT_EQ(CertificateExpiry(pair->certificate_pem).value(), clock.Now() + std::chrono::hours(1));
}

TEST(CertificateFiles, KeepTheKeyToTheirOwner) {
  const TemporaryFolder folder;
  ASSERT_TRUE(StorePair(TestAuthority(), folder / "ca.pem", folder / "ca.key").ok());
  // Again, over what is there.
  ASSERT_TRUE(StorePair(TestAuthority(), folder / "ca.pem", folder / "ca.key").ok());
  struct stat facts {};
  ASSERT_EQ(stat((folder / "ca.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  const auto loaded = LoadPair(folder / "ca.pem", folder / "ca.key");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->certificate_pem, TestAuthority().certificate_pem);
  EXPECT_EQ(AsText(loaded->private_key_pem), AsText(TestAuthority().private_key_pem));
}

TEST(CertificateFiles, RefuseWhatDoesNotBelongTogether) {
  const TemporaryFolder folder;
  const auto other = MakeAuthority("other", std::chrono::hours(1), base::SystemClock());
  ASSERT_TRUE(StorePair(TestAuthority(), folder / "a.pem", folder / "a.key").ok());
  ASSERT_TRUE(StorePair(*other, folder / "b.pem", folder / "b.key").ok());
  EXPECT_FALSE(LoadPair(folder / "a.pem", folder / "b.key").ok());
  EXPECT_FALSE(LoadPair(folder / "a.key", folder / "a.key").ok());
  EXPECT_FALSE(LoadPair(folder / "a.pem", folder / "a.pem").ok());
  EXPECT_FALSE(LoadPair(folder / "missing", folder / "a.key").ok());
  std::ofstream(folder / "empty") << "";
  EXPECT_FALSE(LoadPair(folder / "empty", folder / "empty").ok());
}

}  // namespace
}  // namespace strongroom::net
