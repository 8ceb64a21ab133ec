// Result<T>: a T or an Error. std::expected is not in this standard library yet.
#pragma once

#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace strongroom::base {

// A value or the Error that prevented it. Reading the wrong side aborts.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    Require(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    Require(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    Require(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  Error& error() & {
    Require(!ok());
    return *std::get_if<1>(&state_);
  }
  const Error& error() const& {
    Require(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    Require(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  static void Require(bool condition) { STRONGROOM_CHECK(condition); }
  std::variant<T, Error> state_;
};

// Done, or the Error that prevented it.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error)
      : error_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return error_.index() == 0; }
  explicit operator bool() const { return ok(); }
  Error& error() & {
    STRONGROOM_CHECK(!ok());
    return *std::get_if<1>(&error_);
  }
  const Error& error() const& {
    STRONGROOM_CHECK(!ok());
    return *std::get_if<1>(&error_);
  }
  Error&& error() && {
    STRONGROOM_CHECK(!ok());
    return std::move(*std::get_if<1>(&error_));
  }

 private:
  std::variant<std::monostate, Error> error_;
};

using Status = Result<void>;

}  // namespace strongroom::base

// Returns the error of `expression` from the enclosing function, if it is one.
#define STRONGROOM_TRY(expression)                                  \
  do {                                                              \
    if (auto strongroom_try_ = (expression); !strongroom_try_.ok()) \
      return std::move(strongroom_try_).error();                    \
  } while (false)

#define STRONGROOM_CONCAT_(a, b) a##b
#define STRONGROOM_CONCAT(a, b) STRONGROOM_CONCAT_(a, b)

// `STRONGROOM_ASSIGN(auto x, F())`: declares x with F's value, or returns F's error.
#define STRONGROOM_ASSIGN(declaration, expression) \
  STRONGROOM_ASSIGN_(STRONGROOM_CONCAT(strongroom_result_, __LINE__), declaration, expression)
#define STRONGROOM_ASSIGN_(name, declaration, expression) \
  auto name = (expression);                               \
  if (!name.ok()) return std::move(name).error();         \
  declaration = std::move(name).value()
