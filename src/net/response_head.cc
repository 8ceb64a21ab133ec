#include "net/response_head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "net/field_line.h"

namespace strongroom::net {
namespace {

std::string_view Reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "";  // rfc9112 4: clients ignore it
  }
}

void AppendNumber(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void AppendHeader(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool IsSendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 &&
         std::ranges::all_of(response.headers, [](const Header& header) {
           return IsToken(header.name) && IsFieldValue(header.value);
         });
}

bool MayHaveBody(int status) { return status != 204 && status != 304; }

std::string FormatHttpDate(std::time_t at) {
  // strftime would speak the language of the process.
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  gmtime_r(&at, &parts);
  const auto two = [](int number) {
    return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
  };
  return std::string(kDays[parts.tm_wday]) + ", " + two(parts.tm_mday) + " " +
         kMonths[parts.tm_mon] + " " + std::to_string(1900 + parts.tm_year) + " " +
         two(parts.tm_hour) + ":" + two(parts.tm_min) + ":" + two(parts.tm_sec) + " GMT";
}

void AppendHttp1Head(std::string& out, const Response& response, std::string_view date,
                     bool close) {
  out.append("HTTP/1.1 ");
  AppendNumber(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(Reason(response.status)).append("\r\n");
  AppendHeader(out, "date", date);
  if (response.content_type != nullptr && MayHaveBody(response.status))
    AppendHeader(out, "content-type", response.content_type);
  for (const Header& header : response.headers) AppendHeader(out, header.name, header.value);
  AppendHeader(out, "strict-transport-security", kStrictTransportSecurity);
  if (close) AppendHeader(out, "connection", "close");
  if (MayHaveBody(response.status)) {
    out.append("content-length: ");
    AppendNumber(out, response.body.size());
    out.append("\r\n");
  }
  out.append("\r\n");
}

}  // namespace strongroom::net
