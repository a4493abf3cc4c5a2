// The tables of cases, one function a kind and side. KIND's stand in KIND_cases.cc, those for
// clients in client_KIND_cases.cc; but accio's and upload's together in sink_cases.cc and
// client_sink_cases.cc, and those for clients of echo and store in client_request_cases.cc. Pure.
#pragma once

#include <vector>

#include "talk_client/clinic/case.h"

namespace talk::clinic {

std::vector<Case> echo_cases();
std::vector<Case> store_cases();
std::vector<Case> fetch_cases();
std::vector<Case> accio_cases();
std::vector<Case> upload_cases();
std::vector<Case> talk_cases();

// Parts of tables that fill files of their own.
std::vector<Case> handshake_cases();   // of accio's
std::vector<Case> store_data_cases();  // of store's: keys and values

std::vector<Case> echo_client_cases();
std::vector<Case> store_client_cases();
std::vector<Case> fetch_client_cases();
std::vector<Case> accio_client_cases();
std::vector<Case> upload_client_cases();
std::vector<Case> talk_client_cases();

}  // namespace talk::clinic
