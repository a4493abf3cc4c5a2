// Which end of a talk a program is, and what is spoken on its connection.
#pragma once

namespace talk {

enum class Role { handler, client };

enum class Speech {
  undecided,  // the peer has not shown yet what it is
  frames,     // TALK/1
  lines,      // plain lines, for the rest of the session
};

}  // namespace talk
