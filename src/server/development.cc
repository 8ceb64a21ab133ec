#include "server/development.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/encoding.h"
#include "net/certificate.h"
#include "storage/keys/file.h"

namespace strongroom::server {
namespace {

namespace files = std::filesystem;
using base::ErrorCode;
using base::MakeError;

constexpr std::chrono::hours kAuthorityLifetime{24 * 3650};
constexpr std::chrono::hours kCertificateLifetime{24 * 365};
constexpr std::chrono::hours kRenewBefore{24 * 30};

// Makes a file that only its owner may read; refuses to replace one.
base::Status WriteSecret(const std::string& path, const base::SecretBytes& secret) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const auto bytes = secret.Expose();
  const bool written =
      descriptor >= 0 &&
      ::write(descriptor, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
      ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (written) return {};
  return MakeError(ErrorCode::kBadRequest, fmt::format("the file `{}` can't be written", path),
                   "check the permissions and the space of its directory");
}

base::Result<net::CertificatePair> Authority(const std::string& certificate,
                                             const std::string& key) {
  if (files::exists(certificate) && files::exists(key)) return net::LoadPair(certificate, key);
  STRONGROOM_ASSIGN(
      net::CertificatePair made,
      net::MakeAuthority("Strongroom development CA", kAuthorityLifetime, base::SystemClock()));
  STRONGROOM_TRY(net::StorePair(made, certificate, key));
  return made;
}

// A certificate that ends soon is made anew, under the same authority.
base::Status ServerCertificate(const net::CertificatePair& authority,
                               const std::string& certificate, const std::string& key) {
  if (files::exists(certificate) && files::exists(key)) {
    STRONGROOM_ASSIGN(const net::CertificatePair kept, net::LoadPair(certificate, key));
    STRONGROOM_ASSIGN(const auto expiry, net::CertificateExpiry(kept.certificate_pem));
    if (expiry > base::SystemClock().Now() + kRenewBefore) return {};
  }
  STRONGROOM_ASSIGN(const net::CertificatePair made,
                    net::MakeServerCertificate(authority, net::LocalNames(), kCertificateLifetime,
                                               base::SystemClock()));
  return net::StorePair(made, certificate, key);
}

std::string IssuerKeyPath(const std::string& directory) { return directory + "/dev-issuer.key"; }

base::Result<authn::DevIssuer> DevIssuer(const std::string& directory) {
  if (files::exists(IssuerKeyPath(directory))) return LoadDevIssuer(directory);
  STRONGROOM_ASSIGN(authn::DevIssuer made, authn::DevIssuer::Create(std::string(kDevIssuer)));
  STRONGROOM_ASSIGN(const base::SecretBytes key, made.SaveKey());
  STRONGROOM_TRY(WriteSecret(IssuerKeyPath(directory), key));
  return made;
}

}  // namespace

base::Result<Development> PrepareDevelopment(const std::string& directory) {
  std::error_code error;
  files::create_directories(directory, error);
  if (error) {
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("the directory `{}` can't be made", directory),
                     "choose another with --data");
  }
  files::permissions(directory, files::perms::owner_all, error);
  Development made;
  made.directory = directory;
  made.ca_path = directory + "/ca.pem";
  Settings& settings = made.settings;
  settings.data = directory + "/store";
  settings.keys.file.path = directory + "/root.key";
  settings.tls_certificate = directory + "/server.pem";
  settings.tls_key = directory + "/server.key";
  settings.audiences = {"any"};
  settings.issuer_loopback = true;
  settings.audit_log = "";
  if (!files::exists(settings.keys.file.path)) {
    STRONGROOM_TRY(storage::CreateRootKeyFile(settings.keys.file.path, base::SystemRandom()));
  }
  STRONGROOM_ASSIGN(const net::CertificatePair authority,
                    Authority(made.ca_path, directory + "/ca.key"));
  STRONGROOM_TRY(ServerCertificate(authority, settings.tls_certificate, settings.tls_key));
  STRONGROOM_ASSIGN(authn::DevIssuer issuer, DevIssuer(directory));
  made.issuer = std::make_shared<const authn::DevIssuer>(std::move(issuer));
  return made;
}

base::Result<authn::DevIssuer> LoadDevIssuer(const std::string& directory) {
  std::ifstream file(IssuerKeyPath(directory), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return MakeError(ErrorCode::kNotFound, fmt::format("no development issuer in `{}`", directory),
                     "start `strongroom dev` with the same --data first");
  }
  return authn::DevIssuer::Load(std::string(kDevIssuer), base::SecretBytes(text.str()));
}

base::Result<std::string> DevToken(const authn::DevIssuer& issuer, boost::json::object claims,
                                   std::chrono::seconds lifetime) {
  claims.insert({{"sub", "developer"}});  // unless it is there already
  return issuer.Sign(std::move(claims), base::SystemClock(), base::SystemRandom(), {lifetime});
}

}  // namespace strongroom::server
