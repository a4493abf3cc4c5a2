#include "common/screen/plain_status.h"

#include "common/screen/entry.h"
#include "common/screen/transfer_progress.h"
#include "common/text/width.h"

namespace talk {
namespace {

std::string link_text(const Status& status) {
  if (status.lost_for)
    return no_link_text(status) +
           (status.next_call ? std::string(": ") + kHowToHurry : std::string());
  if (!status.silent_for) return "";
  return silence_text(*status.silent_for) + ", " + kHowToLeave;
}

std::string unheard_text(const Status& status, bool marks_unheard) {
  if (status.unheard == 0 || (!marks_unheard && !status.late_by)) return "";
  const std::string text = std::to_string(status.unheard) + " not delivered yet";
  return text + (status.late_by ? ", " + std::to_string(status.late_by->count()) + " s" : "");
}

}  // namespace

std::string plain_status(const Status& status, bool marks_unheard, int columns) {
  std::string all;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) all += (all.empty() ? "" : " | ") + part;
  };
  add(link_text(status));
  add(unheard_text(status, marks_unheard));
  for (const OfferView& offer : status.offers) add(offer_text(offer, columns));
  if (!status.transfers.empty()) {
    if (!all.empty()) all += " | ";
    all += transfer_progress(status.transfers, columns - text_width(all));
  }
  return std::string(fit_width(all, columns));
}

}  // namespace talk
