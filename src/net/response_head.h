// What the server adds to an answer, the same for both protocols, and HTTP/1's way to write it.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "net/message.h"

namespace strongroom::net {

// One year (security 9.25). Without includeSubDomains: other services may share the domain.
inline constexpr std::string_view kStrictTransportSecurity = "max-age=31536000";

// Whether a handler's answer can be sent: a sane status, and headers that can't split it.
bool IsSendable(const Response& response);
// 204 and 304 have no body, whatever the handler put there (rfc9110 6.4.1).
bool MayHaveBody(int status);
// "Sun, 06 Nov 1994 08:49:37 GMT" (rfc9110 5.6.7).
std::string FormatHttpDate(std::time_t at);

// Appends status line and header section. `close` announces the end of the connection.
void AppendHttp1Head(std::string& out, const Response& response, std::string_view date, bool close);

}  // namespace strongroom::net
