// The little of the X protocol (X Window System Protocol, X.Org, version 11) that it takes to bring
// a window to the front, without the X libraries, which nothing here depends on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"

namespace talk {

class XClient {
 public:
  using Id = std::uint32_t;  // of a window or an atom; 0: none

  // As a client of that display (as in DISPLAY). Waits for its server no longer than `patience`,
  // then and in each call below. Throws std::runtime_error.
  XClient(const std::string& display, milliseconds patience);

  Id root() const { return root_; }
  Id atom(std::string_view name);
  // Empty where the window has none, or is gone.
  std::vector<std::uint32_t> numbers(Id window, Id property);
  std::string text(Id window, Id property);
  Id parent(Id window);
  Id focus();

  // A request to the window manager that concerns `window` (EWMH).
  void ask_manager(Id window, Id request, std::initializer_list<std::uint32_t> data);
  // What a client may do by itself.
  void map_and_raise(Id window);
  void set_focus(Id window);

 private:
  void send(const std::string& request);
  std::string read(std::size_t size);
  // Empty where the server says that the request was in error.
  std::string reply();
  std::string property(Id window, Id property);

  OwnedFd socket_;
  milliseconds patience_;
  Id root_ = 0;
};

}  // namespace talk
