// The handlers that come with Talk: one row each, with all that the listener does differently for
// it. Pure.
#pragma once

#include <string>

namespace talk {

struct HandlerKind {
  const char* name = "";     // as --handler has it; empty: a program of the owner's own
  const char* program = "";  // beside talk_server
  // How visitors come, for the person who starts the server: HOST is the address to call, with its
  // port. The second may be none.
  const char* best_way = "nc HOST";
  const char* other_way = nullptr;
  bool wants_window = false;  // what --terminal auto is to mean
  bool has_files = false;     // below DIR
  bool writes = false;        // below DIR, so it must be writable
  // A connection whose visitor has hung up before being accepted is a file all the same, be it an
  // empty one.
  bool serves_hung_up = false;

  bool ours() const { return *name != '\0'; }
};

// The row of `name`; where it has none, the one for a program of the owner's own.
const HandlerKind& handler_kind(const std::string& name);

}  // namespace talk
