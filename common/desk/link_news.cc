#include "common/desk/link_news.h"

#include <system_error>

#include "common/desk/register.h"
#include "common/posix/io.h"
#include "common/posix/unix_socket.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

constexpr std::string_view kWord = "session ";

}  // namespace

std::string format_link_news(const LinkNews& news) {
  return std::string(kWord) + std::to_string(news.session) + " " + std::to_string(news.change) +
         " " + std::string(word_of(news.link));
}

std::optional<LinkNews> read_link_news(std::string_view text) {
  if (!text.starts_with(kWord)) return std::nullopt;
  text.remove_prefix(kWord.size());
  const std::size_t first = text.find(' ');
  const std::size_t second = first == text.npos ? first : text.find(' ', first + 1);
  if (second == text.npos) return std::nullopt;
  const auto session = decimal<std::uint64_t>(text.substr(0, first));
  const auto change = decimal<std::uint64_t>(text.substr(first + 1, second - first - 1));
  const auto link = read_talk_link(text.substr(second + 1));
  if (!session || !change || !link) return std::nullopt;
  return LinkNews{*session, *change, *link};
}

void tell_listener(const std::string& register_directory, const LinkNews& news) {
  if (register_directory.empty()) return;
  try {
    const OwnedFd control = connect_now(listener_socket(register_directory));
    send_some(control.get(), format_link_news(news) + "\n");
  } catch (const std::system_error&) {
    // It is gone, or flooded.
  }
}

}  // namespace talk
