// Which files a person means by the words behind /send: what was typed without the quotes that a
// shell would want, a pattern, or what a file manager drops.
#pragma once

#include <string>
#include <vector>

namespace talk {

// `words` are `text` split and unquoted. A word that names a file is that file. Of others:
// - several that make the name of a file with the blanks between them are that file;
// - a pattern (glob(3)) is the files that it matches;
// - "file:///a%20b" is "/a b".
// What names nothing stays as it is: its sender will say so.
std::vector<std::string> named_paths(const std::vector<std::string>& words,
                                     const std::string& text);

}  // namespace talk
