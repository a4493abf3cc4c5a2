// The tables of cases, one function a kind. Pure.
#pragma once

#include <vector>

#include "talk_client/clinic/case.h"

namespace talk::clinic {

std::vector<Case> echo_cases();
std::vector<Case> store_cases();
std::vector<Case> fetch_cases();
std::vector<Case> accio_cases();
std::vector<Case> upload_cases();
std::vector<Case> handshake_cases();   // accio's
std::vector<Case> store_data_cases();  // keys and values
std::vector<Case> talk_cases();

std::vector<Case> echo_client_cases();
std::vector<Case> store_client_cases();
std::vector<Case> fetch_client_cases();
std::vector<Case> accio_client_cases();
std::vector<Case> upload_client_cases();
std::vector<Case> talk_client_cases();

}  // namespace talk::clinic
