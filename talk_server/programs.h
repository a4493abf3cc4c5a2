// Where the programs are that this one starts and that no person does.
#pragma once

#include <string>

namespace talk {

class OwnPrograms {
 public:
  // Throws std::system_error where it cannot be found out where this program is.
  explicit OwnPrograms(const char* argv0);

  // The absolute path of a program of ours: beside this one, as it is built, or in libexec/talk
  // beside its bin, as it is installed. Where it is in neither, the latter.
  std::string path(const std::string& name) const;

 private:
  std::string directory_;
};

}  // namespace talk
