#include "talk_client/clinic/mistake.h"

#include <algorithm>

namespace talk::clinic {

const std::vector<KnownMistake>& mistakes() {
  static const std::vector<KnownMistake> all = [] {
    std::vector<KnownMistake> joined;
    for (const auto& more :
         {reading_mistakes(), living_mistakes(), answer_mistakes(), client_mistakes()})
      joined.insert(joined.end(), more.begin(), more.end());
    return joined;
  }();
  return all;
}

const KnownMistake* find_mistake(std::string_view id) {
  const auto found = std::ranges::find(mistakes(), id, &KnownMistake::id);
  return found == mistakes().end() ? nullptr : &*found;
}

}  // namespace talk::clinic
