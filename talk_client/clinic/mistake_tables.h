// The rows of the table of mistakes, by what they are about.
#pragma once

#include "talk_client/clinic/mistake.h"

namespace talk::clinic {

std::vector<Mistake> reading_mistakes();  // how bytes become requests
std::vector<Mistake> living_mistakes();   // several clients, broken ones, the end
std::vector<Mistake> answer_mistakes();   // what is answered or stored
std::vector<Mistake> client_mistakes();   // what only clients do

}  // namespace talk::clinic
