// What the plain screen says of the talk before the line that is typed: the link, lines of one's
// own that are not known to have arrived, offers, files.
#pragma once

#include <optional>
#include <string>

#include "common/posix/clock.h"
#include "common/screen/screen.h"

namespace talk {

// Safe; at most so many columns. `marks_unheard`: also lines that are on their way no longer than
// it takes on a good link.
std::string plain_status(const Status& status, bool marks_unheard, int columns);

// A line that scrolls cannot be painted again when it is heard. So it is said in the prompt how
// many of the last ones are not known to have arrived, as soon as that takes longer than a blink:
// what comes and goes with each line would be noise, the more so on a terminal that prints on
// paper. Pure.
class UnheardMark {
 public:
  static constexpr milliseconds kBlink{250};

  void set(std::size_t unheard, Time now) {
    if (unheard == 0) since_.reset();
    if (unheard > 0 && !since_) since_ = now;
  }
  bool shown(Time now) const { return since_ && now >= *since_ + kBlink; }
  // When shown() says something else.
  std::optional<Time> due(Time now) const {
    return since_ && !shown(now) ? std::optional(*since_ + kBlink) : std::nullopt;
  }

 private:
  std::optional<Time> since_;  // some are on their way
};

}  // namespace talk
