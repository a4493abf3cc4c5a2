// The cases of a kind, one after the other: what depends on a case that failed is left out, a
// finding is tried again before it is believed, and a program that is gone is not asked further.
#pragma once

#include <functional>

#include "talk_client/clinic/bench.h"
#include "talk_client/clinic/options.h"

namespace talk::clinic {

// Is told of every result when it is known, and before a case begins, for the first time or again.
struct ProgressListener {
  std::function<void(const Report& report, const Case& next, bool again)> begins = [](auto&, auto&,
                                                                                      bool) {};
  std::function<void(const Report& report, const Result& result)> found;
};

// Both return when all is done, `stop` is set or the time of a run is over. What is known so far
// goes through the listener.
void examine_server(const ClinicOptions& options, const Subject& subject,
                    const std::atomic<bool>& stop, Report& report,
                    const ProgressListener& listener);
void examine_client(const ClinicOptions& options, const std::atomic<bool>& stop, Report& report,
                    const ProgressListener& listener);

}  // namespace talk::clinic
