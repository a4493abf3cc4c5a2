// What a screen that has no place for a status says of it, in lines: each change once, and of a
// file no more than a few words on its way. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/screen/screen.h"
#include "common/wire/transfer_number.h"

namespace talk {

class Announcer {
 public:
  // A file's quarters are told, and none that came so soon after the last.
  static constexpr seconds kPause{5};

  // The lines that `status` is worth; untrusted, as an entry's text. That a link was lost or found
  // again, and what became of a file, is told by entries.
  std::vector<std::string> news(const Status& status, Time now);

 private:
  struct Told {
    int quarter = 0;
    Time at{};
  };

  void tell_of(const TransferView& transfer, Time now, std::vector<std::string>& lines);

  bool silent_ = false;
  bool late_ = false;
  bool lost_ = false;
  std::map<TransferNumber, Told> transfers_;  // by number
};

}  // namespace talk
