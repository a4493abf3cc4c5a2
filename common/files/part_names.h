// Which hidden names of parts there are in the directories of one inbox, so that the parts of a
// file are found whatever numbers they have.
//
// A directory is looked through once, when the first file comes into it; from then on what this
// process makes and finds gone is kept in mind: 10,000 files need not look through 10,000 names
// each. What others make since matters to those only who come anew, and who look anew.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "common/files/partial_name.h"

namespace talk {

class PartNames {
 public:
  // The numbers of the parts with that stem in a directory, `place` being its path. Throws
  // std::system_error where it cannot be read.
  std::set<unsigned>& numbers(int directory, const std::string& place, const std::string& stem);
  // Each is looked through anew when it is needed: others may have been at work.
  void forget() { places_.clear(); }

 private:
  using Numbers = std::map<std::string, std::set<unsigned>>;  // by stem

  std::map<std::string, Numbers> places_;
};

}  // namespace talk
