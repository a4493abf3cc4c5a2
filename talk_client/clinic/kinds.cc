#include <map>

#include "talk_client/clinic/kind_cases.h"

namespace talk::clinic {
namespace {

struct Tables {
  std::vector<Case> (*servers)();
  std::vector<Case> (*clients)();
};

const std::map<std::string, Tables>& tables() {
  static const std::map<std::string, Tables> all = {
      {"talk", {talk_cases, talk_client_cases}},    {"echo", {echo_cases, echo_client_cases}},
      {"store", {store_cases, store_client_cases}}, {"fetch", {fetch_cases, fetch_client_cases}},
      {"accio", {accio_cases, accio_client_cases}}, {"upload", {upload_cases, upload_client_cases}},
  };
  return all;
}

}  // namespace

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> all = {"talk", "echo", "store", "fetch", "accio", "upload"};
  return all;
}

std::vector<Case> server_cases(const std::string& kind) {
  std::vector<Case> all = tables().at(kind).servers();
  // Bytes that are no text end many a server that decodes them.
  for (Case& one : all)
    if (one.mistake == "text-only" && one.kills == "dies") one.kills = one.mistake;
  return all;
}

std::vector<Case> client_cases(const std::string& kind) { return tables().at(kind).clients(); }

}  // namespace talk::clinic
