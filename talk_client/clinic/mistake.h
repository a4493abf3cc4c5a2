// The mistakes that programs for these exercises usually have, in words that a student can use, and
// what to do instead. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "talk_client/clinic/mistake_tables.h"

namespace talk::clinic {

const std::vector<KnownMistake>& mistakes();

// Nothing where there is none of that name.
const KnownMistake* find_mistake(std::string_view id);

}  // namespace talk::clinic
