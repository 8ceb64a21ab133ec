#include "net/certificate.h"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <array>

#include "net/address.h"
#include "net/openssl_handle.h"

namespace strongroom::net {
namespace {

using base::ErrorCode;
using base::MakeError;
using GeneralNamesHandle = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;
using ExtensionHandle = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;

base::Error Failed() {
  ERR_clear_error();
  return MakeError(ErrorCode::kInternalServerError, "the certificate could not be made");
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool SetRandomSerial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);  // positive, full length
  BIGNUM* number = BN_bin2bn(bytes.data(), bytes.size(), nullptr);
  const bool done =
      number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
  return done;
}

bool SetCommonName(X509_NAME* name, const std::string& text) {
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, Bytes(text),
                                    static_cast<int>(text.size()), -1, 0) == 1;
}

bool SetLifetime(X509* certificate, std::chrono::hours lifetime, const base::Clock& clock) {
  using std::chrono::system_clock;
  const auto now = std::chrono::time_point_cast<system_clock::duration>(clock.Now());
  // A minute back, for readers whose clocks are late.
  const std::time_t from = system_clock::to_time_t(now - std::chrono::minutes(1));
  const std::time_t until = system_clock::to_time_t(now + lifetime);
  return ASN1_TIME_set(X509_getm_notBefore(certificate), from) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), until) != nullptr;
}

struct ExtensionText {
  int nid;
  const char* value;
};

bool AddExtensions(X509* certificate, X509* issuer, std::span<const ExtensionText> extensions) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const auto& [nid, value] : extensions) {
    const ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) return false;
  }
  return true;
}

bool AddName(GENERAL_NAMES* names, const std::string& name) {
  const auto address = IpAddress::Parse(name);
  ASN1_STRING* text =
      address ? static_cast<ASN1_STRING*>(ASN1_OCTET_STRING_new()) : ASN1_IA5STRING_new();
  GENERAL_NAME* general = GENERAL_NAME_new();
  const bool made =
      text != nullptr && general != nullptr &&
      (address ? ASN1_STRING_set(text, address->bytes().data(), address->is_v4() ? 4 : 16)
               : ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()))) == 1;
  if (!made) {
    ASN1_STRING_free(text);
    GENERAL_NAME_free(general);
    return false;
  }
  GENERAL_NAME_set0_value(general, address ? GEN_IPADD : GEN_DNS, text);
  if (sk_GENERAL_NAME_push(names, general) > 0) return true;
  GENERAL_NAME_free(general);
  return false;
}

bool AddNames(X509* certificate, const std::vector<std::string>& names) {
  const GeneralNamesHandle general(sk_GENERAL_NAME_new_null());
  for (const std::string& name : names)
    if (!general || !AddName(general.get(), name)) return false;
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, general.get(), 0, 0) == 1;
}

// A certificate with a serial number, a lifetime and `key`; names and extensions are still to come.
X509Handle Begin(EVP_PKEY* key, std::chrono::hours lifetime, const base::Clock& clock) {
  X509Handle certificate(X509_new());
  if (!certificate || key == nullptr || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      !SetRandomSerial(certificate.get()) || !SetLifetime(certificate.get(), lifetime, clock) ||
      X509_set_pubkey(certificate.get(), key) != 1)
    return nullptr;
  return certificate;
}

base::Result<CertificatePair> ToPem(X509* certificate, EVP_PKEY* key) {
  const BioHandle certificate_bio(BIO_new(BIO_s_mem()));
  const BioHandle key_bio(BIO_new(BIO_s_secmem()));
  if (!certificate_bio || !key_bio || PEM_write_bio_X509(certificate_bio.get(), certificate) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return Failed();
  char* certificate_text = nullptr;
  char* key_text = nullptr;
  const auto certificate_size = BIO_get_mem_data(certificate_bio.get(), &certificate_text);
  const auto key_size = BIO_get_mem_data(key_bio.get(), &key_text);
  return CertificatePair{
      std::string(certificate_text, static_cast<std::size_t>(certificate_size)),
      base::SecretBytes(std::string_view(key_text, static_cast<std::size_t>(key_size)))};
}

}  // namespace

base::Result<CertificatePair> MakeAuthority(const std::string& common_name,
                                            std::chrono::hours lifetime, const base::Clock& clock) {
  const PkeyHandle key(EVP_EC_gen("P-256"));
  const X509Handle certificate = Begin(key.get(), lifetime, clock);
  if (!certificate) return Failed();
  X509* raw = certificate.get();
  constexpr ExtensionText kExtensions[] = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                           {NID_key_usage, "critical,keyCertSign"},
                                           {NID_ext_key_usage, "serverAuth"},
                                           {NID_subject_key_identifier, "hash"}};
  if (!SetCommonName(X509_get_subject_name(raw), common_name) ||
      X509_set_issuer_name(raw, X509_get_subject_name(raw)) != 1 ||
      !AddExtensions(raw, raw, kExtensions) || X509_sign(raw, key.get(), EVP_sha256()) == 0)
    return Failed();
  return ToPem(raw, key.get());
}

base::Result<CertificatePair> MakeServerCertificate(const CertificatePair& authority,
                                                    const std::vector<std::string>& names,
                                                    std::chrono::hours lifetime,
                                                    const base::Clock& clock) {
  const X509Handle issuer = ReadCertificate(authority.certificate_pem);
  const PkeyHandle issuer_key = ReadPrivateKey(authority.private_key_pem);
  if (!issuer || !issuer_key || names.empty()) return Failed();

  const PkeyHandle key(EVP_EC_gen("P-256"));
  const X509Handle certificate = Begin(key.get(), lifetime, clock);
  if (!certificate) return Failed();
  X509* raw = certificate.get();
  constexpr ExtensionText kExtensions[] = {{NID_basic_constraints, "critical,CA:FALSE"},
                                           {NID_key_usage, "critical,digitalSignature"},
                                           {NID_ext_key_usage, "serverAuth"},
                                           {NID_subject_key_identifier, "hash"},
                                           {NID_authority_key_identifier, "keyid:always"}};
  if (!SetCommonName(X509_get_subject_name(raw), names.front().substr(0, 64)) ||
      X509_set_issuer_name(raw, X509_get_subject_name(issuer.get())) != 1 ||
      !AddExtensions(raw, issuer.get(), kExtensions) || !AddNames(raw, names) ||
      X509_sign(raw, issuer_key.get(), EVP_sha256()) == 0)
    return Failed();
  return ToPem(raw, key.get());
}

base::Result<base::Timestamp> CertificateExpiry(const std::string& certificate_pem) {
  const X509Handle certificate = ReadCertificate(certificate_pem);
  std::tm parts{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &parts) != 1) {
    ERR_clear_error();
    return MakeError(ErrorCode::kBadRequest, "expected a certificate in PEM");
  }
  return base::Timestamp(std::chrono::seconds(timegm(&parts)));
}

}  // namespace strongroom::net
