#include <algorithm>
#include <array>

#include "common/posix/bug.h"
#include "talk_client/clinic/kind_cases.h"

namespace talk::clinic {
namespace {

struct Kind {
  const char* name;
  std::vector<Case> (*servers)();
  std::vector<Case> (*clients)();
};

constexpr std::array<Kind, 6> kKinds = {{
    {"talk", talk_cases, talk_client_cases},
    {"echo", echo_cases, echo_client_cases},
    {"store", store_cases, store_client_cases},
    {"fetch", fetch_cases, fetch_client_cases},
    {"accio", accio_cases, accio_client_cases},
    {"upload", upload_cases, upload_client_cases},
}};

const Kind& kind_called(const std::string& name) {
  const auto* const found = std::ranges::find(kKinds, name, &Kind::name);
  check(found != kKinds.end(), "no kind of exercise has that name");
  return *found;
}

}  // namespace

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Kind& kind : kKinds) all.emplace_back(kind.name);
    return all;
  }();
  return names;
}

std::vector<Case> server_cases(const std::string& kind) {
  std::vector<Case> all = kind_called(kind).servers();
  // Bytes that are no text end many a server that decodes them.
  for (Case& one : all)
    if (one.mistake == "text-only" && one.kills == "dies") one.kills = one.mistake;
  return all;
}

std::vector<Case> client_cases(const std::string& kind) { return kind_called(kind).clients(); }

}  // namespace talk::clinic
