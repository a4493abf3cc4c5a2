// How far files are, on one row: the same on every screen and for every program.
#pragma once

#include <string>
#include <vector>

#include "common/transfer/types.h"

namespace talk {

// The first transfer with a bar that takes what room there is in `columns`, and how many more there
// are; empty where there is none. Safe to be shown.
std::string transfer_progress(const std::vector<TransferView>& transfers, int columns);

// The same of one of them, for a line that stays as it is; untrusted, as an entry's text.
std::string transfer_line(const TransferView& transfer);

// "45 %" of all bytes of all transfers; empty where there is none.
std::string transfer_percent(const std::vector<TransferView>& transfers);

}  // namespace talk
