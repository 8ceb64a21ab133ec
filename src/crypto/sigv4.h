// AWS Signature Version 4: how requests to AWS prove who sends them. Signing only; nothing here
// verifies. https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"

namespace strongroom::crypto {

struct AwsCredentials {
  std::string access_key_id;
  base::SecretBytes secret_access_key;
  std::string session_token;  // of temporary credentials; else empty
};

// What is signed. Names and values as they will be sent.
struct SigV4Request {
  struct Field {
    std::string name;
    std::string value;
  };
  std::string method = "GET";
  std::string path = "/";      // as in the request line, percent-encoded once or not at all
  std::string query;           // without the '?', percent-encoded
  std::vector<Field> headers;  // the host among them
  std::string body;
};

struct SigV4Options {
  std::string region;
  std::string service;
  base::Timestamp time;
  bool normalize_path = true;        // every service but S3
  bool sign_session_token = true;    // false: the token is added after signing
  bool body_hash_header = false;     // adds x-amz-content-sha256
  std::chrono::seconds expires{60};  // of presigned requests
};

// The three steps, and what has to be added to the request.
struct SigV4Signature {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;  // 64 hexadecimal digits
  // Header signing: the headers to add, `authorization` last. Presigning: none.
  std::vector<SigV4Request::Field> headers;
  // Presigning: the whole query. Header signing: as it was.
  std::string query;
};

SigV4Signature SignHeaders(const SigV4Request& request, const AwsCredentials& credentials,
                           const SigV4Options& options);
SigV4Signature Presign(const SigV4Request& request, const AwsCredentials& credentials,
                       const SigV4Options& options);

// rfc3986 2.3: everything but letters, digits and -._~ becomes %XX.
std::string AwsPercentEncode(std::string_view text);

}  // namespace strongroom::crypto
