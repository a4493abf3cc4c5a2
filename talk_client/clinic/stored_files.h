// The files of the examined server, where it is on this machine and --dir tells where: which have
// appeared since a case began, and what they hold.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace talk::clinic {

class StoredFiles {
 public:
  // Remembers what is there; an empty directory is none.
  void look(const std::string& directory);

  // Of the regular files that have appeared or changed since (at most 1,000, at most 10 MiB each):
  bool any_is(std::string_view content) const;
  bool any_holds(std::string_view part) const;  // partials, whose names begin with a dot, aside
  std::string newest() const;  // what the one that changed last holds; empty where there is none
  std::size_t appeared() const { return fresh().size(); }

 private:
  struct State {
    long long size;
    long long changed;  // nanoseconds
    unsigned long long node;
    bool operator==(const State&) const = default;
  };
  std::map<std::string, State> list() const;
  std::map<std::string, State> fresh() const;

  std::string directory_;
  std::map<std::string, State> before_;
};

// At most 10 MiB of a file; empty where it cannot be read.
std::string read_bounded(const std::string& path);

}  // namespace talk::clinic
