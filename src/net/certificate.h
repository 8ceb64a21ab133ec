// Certificates of a development start: a local certificate authority, and a server certificate that
// it signs. Keys are ECDSA P-256. Production installations bring their own.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace strongroom::net {

struct CertificatePair {
  std::string certificate_pem;        // one certificate, or a chain that starts with the server's
  base::SecretBytes private_key_pem;  // PKCS#8, unencrypted
};

// A self-signed authority that may sign server certificates only (path length 0).
base::Result<CertificatePair> MakeAuthority(const std::string& common_name,
                                            std::chrono::hours lifetime, const base::Clock& clock);

// A certificate for TLS servers (extended key usage serverAuth), signed by `authority`. Each of
// `names` becomes a subject alternative name: an IP address if it parses as one, else a DNS name.
base::Result<CertificatePair> MakeServerCertificate(const CertificatePair& authority,
                                                    const std::vector<std::string>& names,
                                                    std::chrono::hours lifetime,
                                                    const base::Clock& clock);

// The names of a development start.
inline std::vector<std::string> LocalNames() { return {"localhost", "127.0.0.1", "::1"}; }

// When the first certificate of `certificate_pem` ends.
base::Result<base::Timestamp> CertificateExpiry(const std::string& certificate_pem);

// Writes both files, the key with mode 0600, each by a temporary file and rename.
base::Status StorePair(const CertificatePair& pair, const std::filesystem::path& certificate_path,
                       const std::filesystem::path& key_path);

// Reads both files, and checks that they hold a certificate and the key that belongs to it.
base::Result<CertificatePair> LoadPair(const std::filesystem::path& certificate_path,
                                       const std::filesystem::path& key_path);

}  // namespace strongroom::net
