#include "common/screen/announcer.h"

#include <utility>

#include "common/files/progress.h"
#include "common/screen/entry.h"
#include "common/screen/transfer_progress.h"

namespace talk {

std::vector<std::string> Announcer::news(const Status& status, Time now) {
  std::vector<std::string> lines;
  const bool calling = status.lost_for && status.next_call;
  if (std::exchange(lost_, calling) != calling && calling) lines.push_back(kHowToHurry);
  const bool silent = status.silent_for && !status.lost_for;
  if (std::exchange(silent_, silent) != silent && !status.lost_for)
    lines.push_back(silent ? "nothing was heard for " + std::to_string(status.silent_for->count()) +
                                 " s; /bye leaves"
                           : "heard again");
  const bool late = status.late_by.has_value();
  if (std::exchange(late_, late) != late)
    lines.push_back(late ? "not delivered yet: your last words" : "delivered: your last words");
  std::map<TransferNumber, Told> before = std::exchange(transfers_, {});
  for (const TransferView& transfer : status.transfers) {
    const auto known = before.find(transfer.number);
    transfers_[transfer.number] = known != before.end() ? known->second : Told{0, now};
    tell_of(transfer, now, lines);
  }
  return lines;
}

void Announcer::tell_of(const TransferView& transfer, Time now, std::vector<std::string>& lines) {
  Told& told = transfers_[transfer.number];
  if (transfer.total == 0 || transfer.done >= transfer.total) return;
  const int quarter = static_cast<int>(
      4 * (static_cast<double>(transfer.done) / static_cast<double>(transfer.total)));
  if (quarter <= told.quarter || now - told.at < kPause) return;
  told = {quarter, now};
  lines.push_back(transfer_line(transfer));
}

}  // namespace talk
