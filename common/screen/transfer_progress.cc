#include "common/screen/transfer_progress.h"

#include <algorithm>

#include "common/files/progress.h"
#include "common/posix/locale.h"
#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

constexpr int kNameWidth = 20;

// A long name loses its end, and says so.
std::string short_name(const std::string& name) {
  const std::string safe = display_text(name);
  if (text_width(safe) <= kNameWidth) return quoted(safe);
  return quoted(std::string(fit_width(safe, kNameWidth - 3)) + "...");
}

std::string what_moves(const TransferView& transfer, const std::string& name) {
  const std::string what = (transfer.outgoing ? "sending " : "receiving ") + name;
  if (transfer.files == 0) return what;
  return what + " (" + std::to_string(transfer.files_done) + " of " +
         std::to_string(transfer.files) + " files)";
}

}  // namespace

std::string transfer_progress(const std::vector<TransferView>& transfers, int columns) {
  if (transfers.empty()) return "";
  const TransferView& first = transfers.front();
  std::string what = what_moves(first, short_name(first.name));
  if (transfers.size() > 1) what += " (and " + std::to_string(transfers.size() - 1) + " more)";
  return progress_bar(what, first.done, first.total, first.rate, first.left, columns,
                      locale_is_utf8());
}

std::string transfer_line(const TransferView& transfer) {
  return progress_text(what_moves(transfer, quoted(transfer.name)), transfer.done, transfer.total,
                       transfer.rate, transfer.left);
}

std::string transfer_percent(const std::vector<TransferView>& transfers) {
  if (transfers.empty()) return "";
  double done = 0;
  double total = 0;
  for (const TransferView& transfer : transfers) {
    done += static_cast<double>(transfer.done);
    total += static_cast<double>(transfer.total);
  }
  const double part = total > 0 ? std::min(done / total, 1.0) : 1;
  return std::to_string(static_cast<int>(100 * part)) + " %";
}

}  // namespace talk
