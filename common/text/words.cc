#include "common/text/words.h"

#include <string_view>
#include <utility>

namespace talk {
namespace {

class Splitter {
 public:
  Splitter(const std::string& text, const std::string& home) : text_(text), home_(home) {}

  std::optional<std::vector<std::string>> split() {
    read();
    if (quote_ != '\0') return std::nullopt;
    end_word();
    return std::move(words_);
  }

  OpenWord last() {
    read();
    return {in_word_ ? start_ : text_.size(), quote_, std::move(word_)};
  }

 private:
  void read() {
    for (; at_ < text_.size(); ++at_) step(text_[at_]);
  }

  void step(char c) {
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (blank && quote_ == '\0') return end_word();
    if (!in_word_) start_ = at_;
    if (c == '~' && !in_word_ && !home_.empty() && tilde_stands_alone()) return add(home_);
    in_word_ = true;
    if (quote_ == '\0' && (c == '"' || c == '\''))
      quote_ = c;
    else if (quote_ == c)
      quote_ = '\0';
    else if (c == '\\' && quote_ != '\'' && at_ + 1 < text_.size())
      escape(text_[++at_]);
    else
      word_ += c;
  }

  // Within double quotes a backslash protects only what means something there.
  void escape(char c) {
    const bool special =
        quote_ == '\0' || std::string_view("\"\\$`").find(c) != std::string_view::npos;
    if (!special) word_ += '\\';
    word_ += c;
  }

  bool tilde_stands_alone() const {
    return at_ + 1 == text_.size() || text_[at_ + 1] == '/' || text_[at_ + 1] == ' ';
  }

  void add(const std::string& text) {
    word_ += text;
    in_word_ = true;
  }

  void end_word() {
    if (in_word_) words_.push_back(std::exchange(word_, {}));
    in_word_ = false;
  }

  const std::string& text_;
  const std::string& home_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;  // of the word
  char quote_ = '\0';
  bool in_word_ = false;  // an empty pair of quotes is a word too
  std::string word_;
  std::vector<std::string> words_;
};

}  // namespace

std::optional<std::vector<std::string>> split_words(const std::string& text,
                                                    const std::string& home) {
  return Splitter(text, home).split();
}

OpenWord last_word(const std::string& text) { return Splitter(text, "").last(); }

std::string escape_word(const std::string& word, char quote) {
  const std::string_view special = quote == '\'' ? "" : quote == '"' ? "\"\\" : " '\"\\";
  std::string text;
  for (const char c : word) {
    if (special.find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text;
}

std::string joined(std::span<const std::string> words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

}  // namespace talk
