#include "talk_server/board/json.h"

#include "common/text/decimal.h"
#include "common/text/utc.h"
#include "common/text/utf8.h"
#include "talk_server/board/table.h"

namespace talk {
namespace {

std::string unicode_escape(char32_t unit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) text += kDigits[(unit >> shift) & 15];
  return text;
}

std::string escaped(char32_t code) {
  if (code == '"' || code == '\\') return {'\\', static_cast<char>(code)};
  if (code >= 0x20 && code < 0x7F) return {static_cast<char>(code)};
  if (code < 0x10000) return unicode_escape(code);
  const char32_t rest = code - 0x10000;  // two surrogates
  return unicode_escape(0xD800 + (rest >> 10)) + unicode_escape(0xDC00 + (rest & 0x3FF));
}

std::string transfer_json(const TransferReport& transfer) {
  return "{\"name\": " + json_string(transfer.name) +
         ", \"outgoing\": " + (transfer.outgoing ? "true" : "false") +
         ", \"done\": " + std::to_string(transfer.done) +
         ", \"total\": " + std::to_string(transfer.total) + "}";
}

std::string session_json(const SessionRow& row) {
  const auto& report = row.report;
  const auto known = [&](auto value) { return report ? value(*report) : std::string("null"); };
  std::string transfers;
  if (report)
    for (const TransferReport& transfer : report->transfers)
      transfers += (transfers.empty() ? "" : ", ") + transfer_json(transfer);
  using Report = const SessionReport&;
  return "{\"session\": " + std::to_string(row.number) +
         ", \"name\": " + known([](Report r) { return json_string(r.name); }) +
         ", \"address\": " + known([](Report r) { return json_string(r.address); }) +
         ", \"pid\": " + (row.process ? std::to_string(*row.process) : "null") +
         ", \"state\": " + json_string(word_of(state_of(row))) +
         ", \"unread\": " + known([](Report r) { return std::to_string(r.unread); }) +
         ", \"idle\": " + known([](Report r) { return std::to_string(r.idle.count()); }) +
         ", \"since\": " + known([](Report r) { return json_string(rfc3339(r.since)); }) +
         ", \"transfers\": [" + transfers + "]}";
}

}  // namespace

std::string list_json(const std::string& server, const std::optional<ListenerReport>& listener,
                      const std::vector<SessionRow>& rows) {
  const bool waiting_known = listener && listener->waiting;
  std::string sessions;
  for (const SessionRow& row : rows) sessions += (sessions.empty() ? "" : ", ") + session_json(row);
  return "{\"port\": " + (decimal<unsigned>(server) ? server : json_string(server)) +
         ", \"waiting\": " + (waiting_known ? std::to_string(*listener->waiting) : "null") +
         ", \"sessions\": [" + sessions + "]}\n";
}

std::string json_string(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const Decoded decoded = decode_utf8(text);
    json += escaped(decoded.code);
    text.remove_prefix(decoded.size);
  }
  return json + "\"";
}

}  // namespace talk
