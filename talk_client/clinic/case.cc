#include "talk_client/clinic/case.h"

namespace talk::clinic {

Script& Script::blame(const std::string& wrong, const std::string& silent,
                      const std::string& ended) {
  steps_.back().when_wrong = wrong;
  steps_.back().when_silent = silent;
  steps_.back().when_ended = ended;
  return *this;
}

}  // namespace talk::clinic
