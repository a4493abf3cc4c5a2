#include "tests/support/readme.h"

#include <regex>
#include <sstream>
#include <stdexcept>

#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

const std::string kFence = "```";

struct Block {
  std::string language;
  std::string text;
};

// The fenced blocks, and what is left without them.
std::vector<Block> take_blocks(std::string& text) {
  std::vector<Block> blocks;
  for (std::size_t at; (at = text.find(kFence)) != std::string::npos;) {
    const std::size_t line = text.find('\n', at);
    const std::size_t end = text.find(kFence, line);
    if (end == std::string::npos) throw std::runtime_error("README.md: a fence without an end");
    const std::size_t language = at + kFence.size();
    blocks.push_back(
        {text.substr(language, line - language), text.substr(line + 1, end - line - 1)});
    text.erase(at, end + kFence.size() - at);
  }
  return blocks;
}

}  // namespace

std::string readme_text() { return read_file("README.md"); }

std::vector<std::string> readme_spans() {
  std::string text = readme_text();
  take_blocks(text);
  static const std::regex kSpan("`([^`]+)`");
  std::vector<std::string> spans;
  for (std::sregex_iterator at(text.begin(), text.end(), kSpan), end; at != end; ++at) {
    std::string span = std::regex_replace((*at)[1].str(), std::regex("\\s*\n\\s*"), " ");
    spans.push_back(std::regex_replace(span, std::regex(R"(\\\|)"), "|"));  // as in a table
  }
  return spans;
}

std::vector<std::string> readme_shell_lines() {
  std::string text = readme_text();
  std::vector<std::string> lines;
  for (const Block& block : take_blocks(text)) {
    if (block.language != "sh") continue;
    std::istringstream in(block.text);
    for (std::string line; std::getline(in, line);)
      lines.push_back(std::regex_replace(line, std::regex(" +#.*"), ""));
  }
  return lines;
}

std::string readme_block(const std::string& language) {
  std::string text = readme_text();
  for (const Block& block : take_blocks(text))
    if (block.language == language) return block.text;
  return "";
}

}  // namespace talk::test
