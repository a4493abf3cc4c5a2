// What a name in a directory stands for where it is no file that could be sent, in words. Pure.
#pragma once

#include <sys/stat.h>

namespace talk {

// "it is a directory", to stand behind a colon. `mode` is not that of a regular file.
inline const char* no_file_words(mode_t mode) {
  if (S_ISDIR(mode)) return "it is a directory";
  if (S_ISLNK(mode)) return "it is a symbolic link";
  if (S_ISFIFO(mode)) return "it is a named pipe";
  if (S_ISSOCK(mode)) return "it is a socket";
  return S_ISCHR(mode) || S_ISBLK(mode) ? "it is a device" : "it is not a regular file";
}

}  // namespace talk
