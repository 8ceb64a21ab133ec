#include "storage/keys/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <span>

#include "net/descriptor.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;
using net::Descriptor;

base::Error Unusable(const SecretFile& file, std::string_view why) {
  return MakeError(ErrorCode::kDependencyError, std::string(file.what) + " " + std::string(why),
                   std::string(file.hint));
}

base::Status WriteAll(const SecretFile& file, int to, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(to, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return Unusable(file, "can't be written");
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  return {};
}

base::Status CheckOwner(const SecretFile& file, const struct stat& about) {
  if (!S_ISREG(about.st_mode)) return Unusable(file, "is not a regular file");
  if (about.st_uid != geteuid()) return Unusable(file, "belongs to another user");
  if ((about.st_mode & 077) != 0) return Unusable(file, "is accessible to others than its owner");
  if (about.st_size > static_cast<off_t>(file.bytes_max)) return Unusable(file, "is too large");
  return {};
}

}  // namespace

base::Result<base::SecretBytes> ReadSecretFile(const SecretFile& file) {
  const Descriptor in(open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!in) return Unusable(file, errno == ENOENT ? "is missing" : "can't be opened");
  struct stat about {};
  if (fstat(in.get(), &about) != 0) return Unusable(file, "can't be examined");
  STRONGROOM_TRY(CheckOwner(file, about));
  base::SecretBytes content(static_cast<std::size_t>(about.st_size));
  std::span<std::uint8_t> rest = content.ExposeMutable();
  while (!rest.empty()) {
    const ssize_t got = read(in.get(), rest.data(), rest.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Unusable(file, "can't be read");
    rest = rest.subspan(static_cast<std::size_t>(got));
  }
  return content;
}

base::Status WriteSecretFile(const SecretFile& file, const base::SecretBytes& content) {
  const Descriptor out(
      open(file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!out && errno == EEXIST)
    return MakeError(ErrorCode::kAlreadyExists, std::string(file.what) + " exists already",
                     "a key is never overwritten: everything under it would be lost");
  if (!out) return Unusable(file, "can't be made");
  STRONGROOM_TRY(WriteAll(file, out.get(), content.Expose()));
  if (fchmod(out.get(), 0600) != 0 || fsync(out.get()) != 0)
    return Unusable(file, "can't be synced");
  const std::size_t slash = file.path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : file.path.substr(0, slash + 1);
  const Descriptor parent(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent || fsync(parent.get()) != 0) return Unusable(file, "can't be synced");
  return {};
}

base::Result<base::SecretBytes> ReadPassphrase(const std::string& path, std::string_view what) {
  const SecretFile file{path, what,
                        "it must be a regular file of one line, owned by the user of this "
                        "process, with mode 0600 or 0400"};
  STRONGROOM_ASSIGN(const base::SecretBytes content, ReadSecretFile(file));
  std::span<const std::uint8_t> text = content.Expose();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text = text.first(text.size() - 1);
  if (text.empty()) return Unusable(file, "is empty");
  return base::SecretBytes(
      std::string_view(reinterpret_cast<const char*>(text.data()), text.size()));
}

}  // namespace strongroom::storage
