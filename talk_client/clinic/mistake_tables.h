// The rows of the table of mistakes, by what they are about.
#pragma once

#include <span>

#include "talk_client/clinic/mistake.h"

namespace talk::clinic {

std::span<const Mistake> reading_mistakes();  // how bytes become requests
std::span<const Mistake> living_mistakes();   // several clients, broken ones, the end
std::span<const Mistake> answer_mistakes();   // what is answered or stored
std::span<const Mistake> client_mistakes();   // what only clients do

}  // namespace talk::clinic
