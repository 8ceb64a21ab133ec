#include <fcntl.h>
#include <openssl/err.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "net/certificate.h"
#include "net/descriptor.h"
#include "net/openssl_handle.h"

namespace strongroom::net {
namespace {

using base::ErrorCode;
using base::MakeError;
using std::filesystem::path;

constexpr off_t kFileBytesMax = off_t{1} << 20;  // a chain is some kilobytes

// For the operator, who named the file himself.
base::Error FileError(const path& file, const char* what, int error) {
  return MakeError(ErrorCode::kUnavailable,
                   std::string(what) + " `" + file.string() +
                       "` failed: " + std::generic_category().message(error));
}

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(fd) == 0;
}

base::Status WriteFile(const path& file, std::string_view text, mode_t mode) {
  const path temporary = file.string() + ".new";
  unlink(temporary.c_str());
  const Descriptor out(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!out) return FileError(temporary, "creating", errno);
  if (!WriteAll(out.get(), text) || rename(temporary.c_str(), file.c_str()) != 0) {
    const int error = errno;
    unlink(temporary.c_str());
    return FileError(file, "writing", error);
  }
  return {};
}

base::Result<base::SecretBytes> ReadFile(const path& file) {
  const Descriptor in(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts {};
  if (!in || fstat(in.get(), &facts) != 0) return FileError(file, "reading", errno);
  if (!S_ISREG(facts.st_mode) || facts.st_size > kFileBytesMax)
    return FileError(file, "reading", EFBIG);
  base::SecretBytes bytes(static_cast<std::size_t>(facts.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = read(in.get(), bytes.ExposeMutable().data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return FileError(file, "reading", count < 0 ? errno : EIO);
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace

base::Status StorePair(const CertificatePair& pair, const path& certificate_path,
                       const path& key_path) {
  STRONGROOM_TRY(WriteFile(key_path, AsText(pair.private_key_pem), 0600));
  return WriteFile(certificate_path, pair.certificate_pem, 0644);
}

base::Result<CertificatePair> LoadPair(const path& certificate_path, const path& key_path) {
  STRONGROOM_ASSIGN(const base::SecretBytes certificate_bytes, ReadFile(certificate_path));
  STRONGROOM_ASSIGN(base::SecretBytes key_bytes, ReadFile(key_path));
  const X509Handle certificate = ReadCertificate(AsText(certificate_bytes));
  const PkeyHandle key = ReadPrivateKey(key_bytes);
  const bool fits = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!certificate)
    return MakeError(ErrorCode::kBadRequest,
                     "expected a certificate in PEM in `" + certificate_path.string() + "`");
  if (!key)
    return MakeError(ErrorCode::kBadRequest,
                     "expected an unencrypted private key in PEM in `" + key_path.string() + "`");
  if (!fits)
    return MakeError(ErrorCode::kBadRequest, "the key in `" + key_path.string() +
                                                 "` does not belong to the certificate in `" +
                                                 certificate_path.string() + "`");
  return CertificatePair{std::string(AsText(certificate_bytes)), std::move(key_bytes)};
}

}  // namespace strongroom::net
