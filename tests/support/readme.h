// What README.md shows, so that tests see that it is true.
#pragma once

#include <string>
#include <vector>

namespace talk::test {

// As it stands; tests run in the top folder of the sources. Throws std::runtime_error.
std::string readme_text();

// What stands between backquotes, in its paragraphs and tables, a blank for a line's end.
std::vector<std::string> readme_spans();

// The lines of the blocks that are fenced as being for a shell, without their comments.
std::vector<std::string> readme_shell_lines();

// The first block that is fenced as being in `language`.
std::string readme_block(const std::string& language);

}  // namespace talk::test
