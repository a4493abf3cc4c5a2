// What a line says of one session; see table.h.
#include <algorithm>

#include "common/files/progress.h"
#include "common/text/display.h"
#include "common/text/width.h"
#include "talk_server/board/table.h"

namespace talk {
namespace {

constexpr const char* kBetween = " | ";

// "< notes.pdf: 310 KiB/s, 0:05 left, 1.2 of 2.6 MiB"
std::string pace_text(const TransferReport& transfer) {
  std::string text = (transfer.outgoing ? "> " : "< ") + display_text(transfer.name) + ": ";
  if (transfer.rate > 0)
    text += size_text(transfer.rate) + "/s, " + duration_text(time_left(transfer)) + " left, ";
  return text + amount_text(transfer.done, transfer.total, 0, std::nullopt);
}

std::string offer_text(const OfferReport& offer) {
  return "> " + display_text(offer.name) + ": offered, " + size_text(offer.total);
}

std::string person_text(const SessionReport& report) {
  if (report.name.empty()) return "no name, from " + display_text(report.address);
  return name_among_words(report.name) + " from " + display_text(report.address);
}

}  // namespace

std::string session_details(const SessionRow& row, int columns, bool blocks) {
  if (!row.report) return "";
  std::vector<std::string> parts;
  for (const TransferReport& transfer : row.report->transfers) parts.push_back(pace_text(transfer));
  for (const OfferReport& offer : row.report->offers) parts.push_back(offer_text(offer));
  parts.push_back(person_text(*row.report));
  std::string line;
  for (const std::string& part : parts) {
    const std::string longer = line.empty() ? part : line + kBetween + part;
    if (!line.empty() && text_width(longer) > columns) break;
    line = longer;
  }
  return shortened(line, columns, blocks);
}

}  // namespace talk
